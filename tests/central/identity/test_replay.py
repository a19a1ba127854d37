"""A code or refresh token that comes twice was stolen once: what stands on it ends."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central import identity
from esoz.central.identity.periodic import delete_what_is_over
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.vault import Sealed, Vault
from esoz.kernel.work import Dependencies, Work
from tests.central.answers import answered, refused
from tests.central.conftest import NOW
from tests.factories.world import Caller, World

REDIRECT, SECRET = "https://mis.test/oauth/callback", "the secret of the connection"
GRACE = timedelta(seconds=60)  # the default of ESOZ_REFRESH_GRACE_SECONDS


class Program:
    """A MIS that exchanges for its doctor."""

    def __init__(self, doctor: Caller) -> None:
        assert doctor.client is not None
        self.http, self.doctor = doctor.client, doctor

    async def exchange(self, **asked: str):
        given = {"client_id": str(self.doctor.client_id), "client_secret": SECRET, "redirect_uri": REDIRECT}
        return await self.http.post("/oauth/tokens", json={"token": given | asked})

    async def opens(self, value: str) -> int:
        headers = {"Authorization": f"Bearer {value}", "API-key": self.doctor.api_key}
        return (await self.http.get("/api/persons", headers=headers)).status_code


@pytest.fixture
async def program(world: World, work: Work, db: Connection) -> Program:
    broker: UUID = await db.fetchval("select id from brokers where kind = 'MIS'")
    await identity.connect(
        work, client_id=world.doctor.client_id, broker_id=broker, redirect_uri=REDIRECT, secret=SECRET
    )
    return Program(world.doctor)


@pytest.fixture
async def code(program: Program, work: Work) -> str:
    doctor = program.doctor
    issued = await identity.authorize(work, doctor.user_id, doctor.client_id, REDIRECT, "person:read")
    return issued.value


# AUTH-25
async def test_code_when_it_comes_again_then_its_tokens_end(program: Program, code: str) -> None:
    asked = {"grant_type": "authorization_code", "code": code}
    data = (await program.exchange(**asked)).json()["data"]
    assert await program.opens(data["value"]) == 422
    refused(await program.exchange(**asked), 401, "invalid_grant", "Token has already been used.")
    assert await program.opens(data["value"]) == 401
    refresh = data["details"]["refresh_token"]
    refused(await program.exchange(grant_type="refresh_token", refresh_token=refresh), 401, "invalid_grant")


async def test_refresh_token_when_it_comes_again_after_the_grace_then_the_newer_pair_ends(
    program: Program, code: str, clock: FixedClock
) -> None:
    first = (await program.exchange(grant_type="authorization_code", code=code)).json()["data"]
    asked = {"grant_type": "refresh_token", "refresh_token": first["details"]["refresh_token"]}
    second = (await program.exchange(**asked)).json()["data"]
    assert await program.opens(second["value"]) == 422
    clock.forward(GRACE)
    refused(await program.exchange(**asked), 401, "invalid_grant", "Token has already been used.")
    assert await program.opens(second["value"]) == 401


# AUTH-26
async def test_refresh_when_a_role_was_taken_then_its_scopes_are_gone(
    program: Program, work: Work, db: Connection
) -> None:
    doctor = program.doctor
    issued = await identity.authorize(work, doctor.user_id, doctor.client_id, REDIRECT, "person:read episode:read")
    data = (await program.exchange(grant_type="authorization_code", code=issued.value)).json()["data"]
    await db.execute("update user_roles set role = 'LABORANT' where user_id = $1", doctor.user_id)
    refresh = data["details"]["refresh_token"]
    renewed = (await program.exchange(grant_type="refresh_token", refresh_token=refresh)).json()["data"]
    assert "person:read" not in renewed["details"]["scope"].split()


async def test_tokens_when_the_password_has_expired_then_none_are_given(
    program: Program, code: str, db: Connection
) -> None:
    await db.execute(
        "update users set password_hash = 'x', password_set_at = now() - interval '10 years' where id = $1",
        program.doctor.user_id,
    )
    response = await program.exchange(grant_type="authorization_code", code=code)
    refused(response, 401, "password_expired", "The password expired for user")


# AUTH-26
class TestLostAnswer:
    """The answer to a renewal was lost on its way: who asks again at once gets it again."""

    @pytest.fixture
    async def first(self, program: Program, code: str) -> dict[str, str]:
        data = (await program.exchange(grant_type="authorization_code", code=code)).json()["data"]
        return {"grant_type": "refresh_token", "refresh_token": data["details"]["refresh_token"]}

    async def test_same_token_within_the_grace_gets_the_same_pair(
        self, program: Program, first: dict[str, str], clock: FixedClock, db: Connection
    ) -> None:
        lost = (await program.exchange(**first)).json()["data"]
        clock.forward(GRACE - timedelta(seconds=1))
        again = answered(await program.exchange(**first), 201)["data"]
        assert again == lost
        assert await program.opens(again["value"]) == 422
        assert await db.fetchval("select count(*) from audit_events where event = 'token.repeated'") == 1

    async def test_kept_answer_cannot_be_read_without_the_spent_token(
        self, program: Program, first: dict[str, str], db: Connection, dependencies: Dependencies
    ) -> None:
        lost = (await program.exchange(**first)).json()["data"]
        row = await db.fetchrow("select token_id, sealed from renewals")
        assert lost["value"].encode() not in row["sealed"]
        with pytest.raises(Sealed):
            Vault(dependencies.secret, "renewal").open(row["sealed"], row["token_id"].hex)

    async def test_when_the_newer_token_is_spent_already_then_the_older_one_was_stolen(
        self, program: Program, first: dict[str, str]
    ) -> None:
        second = (await program.exchange(**first)).json()["data"]
        newer = {"grant_type": "refresh_token", "refresh_token": second["details"]["refresh_token"]}
        third = (await program.exchange(**newer)).json()["data"]
        refused(await program.exchange(**first), 401, "invalid_grant", "Token has already been used.")
        assert await program.opens(third["value"]) == 401

    async def test_when_the_pair_was_revoked_meanwhile_then_it_is_not_given_again(
        self, program: Program, first: dict[str, str], work: Work
    ) -> None:
        await program.exchange(**first)
        await identity.block_user(work, program.doctor.user_id, "перевірка")
        refused(await program.exchange(**first), 401, "invalid_grant")

    async def test_with_another_secret_then_nothing_is_given(self, program: Program, first: dict[str, str]) -> None:
        await program.exchange(**first)
        refused(await program.exchange(**first, client_secret="guessed"), 401, "invalid_client")

    async def test_two_at_once_get_one_pair(self, program: Program, first: dict[str, str], db: Connection) -> None:
        answers = await asyncio.gather(*(program.exchange(**first) for _ in range(3)))
        assert len({answer.json()["data"]["value"] for answer in answers}) == 1
        live = "select count(*) from tokens where name = 'refresh_token' and user_id = $1 and expires_at > $2"
        assert await db.fetchval(live, program.doctor.user_id, NOW) == 1

    async def test_answers_are_deleted_after_the_grace(
        self, program: Program, first: dict[str, str], work: Work, db: Connection
    ) -> None:
        await program.exchange(**first)
        work.now += GRACE + timedelta(seconds=1)
        await delete_what_is_over(work)
        assert await db.fetchval("select count(*) from renewals") == 0
