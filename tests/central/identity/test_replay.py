"""A code or refresh token that comes twice was stolen once: what stands on it ends."""

from uuid import UUID

import pytest

from esoz.central import identity
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import refused
from tests.factories.world import Caller, World

REDIRECT, SECRET = "https://mis.test/oauth/callback", "the secret of the connection"


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


async def test_code_when_it_comes_again_then_its_tokens_end(program: Program, code: str) -> None:
    asked = {"grant_type": "authorization_code", "code": code}
    data = (await program.exchange(**asked)).json()["data"]
    assert await program.opens(data["value"]) == 422
    refused(await program.exchange(**asked), 401, "invalid_grant", "Token has already been used.")
    assert await program.opens(data["value"]) == 401
    refresh = data["details"]["refresh_token"]
    refused(await program.exchange(grant_type="refresh_token", refresh_token=refresh), 401, "invalid_grant")


async def test_refresh_token_when_it_comes_again_then_the_newer_pair_ends(program: Program, code: str) -> None:
    first = (await program.exchange(grant_type="authorization_code", code=code)).json()["data"]
    asked = {"grant_type": "refresh_token", "refresh_token": first["details"]["refresh_token"]}
    second = (await program.exchange(**asked)).json()["data"]
    assert await program.opens(second["value"]) == 422
    refused(await program.exchange(**asked), 401, "invalid_grant", "Token has already been used.")
    assert await program.opens(second["value"]) == 401


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
