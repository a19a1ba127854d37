"""POST /auth/login with its steps: second factor, restricted token, КЕП; and what is never told."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, NeedsExternal, Work
from esoz.signature import Authority, Subject
from tests.central.answers import refused
from tests.central.conftest import NOW
from tests.contract.checker import must_be_as_published
from tests.factories.world import API_KEY, World, with_key

EMAIL, PASSWORD, NEW, PHONE = "petro@clinic.example", "Дуже-довгий-пароль-1", "Зовсім-інший-пароль-2", "+380671234567"


class Program:
    """Calls the API without a token of its own."""

    def __init__(self, world: World) -> None:
        assert world.doctor.client is not None
        self.http, self.client_id = world.doctor.client, world.doctor.client_id

    async def post(self, path: str, body: object, token: str = "") -> httpx.Response:
        headers = {"API-key": API_KEY} | ({"Authorization": f"Bearer {token}"} if token else {})
        response = await self.http.post(path, json=body, headers=headers)
        must_be_as_published(response)
        return response

    async def log_in(self, token: str = "", **asked: Any) -> httpx.Response:
        given = {"grant_type": "password", "client_id": str(self.client_id), "scope": "app:authorize"}
        return await self.post("/auth/login", {"token": given | asked}, token)

    async def by_password(self, password: str = PASSWORD, **asked: Any) -> httpx.Response:
        return await self.log_in(email=EMAIL, password=password, **asked)

    async def confirm(self, token: str, code: str) -> httpx.Response:
        return await self.log_in(token, grant_type="authorize_2fa_access_token", otp=code)


@pytest.fixture
async def user_id(world: World, work: Work):
    user = await identity.create_user(work, email=EMAIL, password=PASSWORD)
    await identity.give_role(work, user.id, world.doctor.client_id, "DOCTOR")
    return user.id


@pytest.fixture
def program(world: World) -> Program:
    return Program(world)


async def sent(db: Connection) -> str:
    body: str = await db.fetchval("select body from messages where channel = 'sms' order by inserted_at desc, id desc")
    return body.rpartition(" ")[2]


def wrong_for(code: str) -> str:
    return "000000" if code != "000000" else "111111"


# AUTH-16, AUTH-17
class TestSecondFactor:
    @pytest.fixture(autouse=True)
    async def factor(self, work: Work, user_id) -> None:
        await identity.require_factor(work, user_id, phone=PHONE)

    async def test_password_gives_a_token_that_opens_nothing_but_the_next_step(self, program, db) -> None:
        body = (await program.by_password()).json()
        assert body["urgent"] == {"next_step": "REQUEST_OTP"}
        assert (body["data"]["name"], body["data"]["details"]["scope"]) == ("2fa_access_token", "")
        value = body["data"]["value"]
        app = {"client_id": str(program.client_id), "redirect_uri": "https://a.test", "scope": "person:read"}
        refused(await program.post("/oauth/apps/authorize", {"app": app}, value), 401, "access_denied")
        headers = {"API-key": API_KEY, "Authorization": f"Bearer {value}"}
        refused(await program.http.get("/oauth/user", headers=headers), 401, "access_denied")

    async def test_code_gives_a_session_and_ends_the_first_token(self, program, db) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        body = (await program.confirm(value, await sent(db))).json()
        assert body["urgent"] == {"next_step": "REQUEST_APPS"}
        assert body["data"]["details"]["scope"] == "app:authorize"
        refused(await program.confirm(value, await sent(db)), 401, "token_expired")

    # AUTH-22
    async def test_code_is_stored_as_a_keyed_hash_of_six_digits_that_leaves_in_one_sms(self, program, db) -> None:
        await program.by_password()
        code = await sent(db)
        assert (len(code), code.isdigit()) == (6, True)
        row = await db.fetchrow("select * from sign_in_codes")
        assert len(row["code_hash"]) == 32
        assert code not in str(dict(row))

    async def test_code_lives_300_seconds(self, program, db, clock: FixedClock) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        clock.forward(timedelta(seconds=300))
        refused(await program.confirm(value, await sent(db)), 401, "otp_expired", "OTP expired.")

    # AUTH-19
    async def test_third_wrong_code_in_a_row_blocks_the_user_and_ends_all_tokens(self, program, db, user_id) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        wrong = wrong_for(await sent(db))
        for _ in range(2):
            refused(await program.confirm(value, wrong), 401, "otp_invalid")
        refused(await program.confirm(value, wrong), 401, "otp_reached_max_attempts")
        assert await db.fetchval("select is_blocked from users where id = $1", user_id)
        refused(await program.by_password(), 401, "user_blocked", "User blocked.")

    # AUTH-6
    async def test_right_code_begins_the_count_anew(self, program, db, user_id) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        code = await sent(db)
        for _ in range(2):
            await program.confirm(value, wrong_for(code))
        assert (await program.confirm(value, code)).status_code == 201
        assert await db.fetchval("select wrong_codes from users where id = $1", user_id) == 0

    # AUTH-18
    async def test_fourth_code_of_a_minute_is_not_sent(self, program, db, clock: FixedClock) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        for _ in range(2):
            value = (await program.log_in(value, grant_type="refresh_2fa_access_token")).json()["data"]["value"]
        response = await program.log_in(value, grant_type="refresh_2fa_access_token")
        refused(response, 429, "otp_timeout", "Sending OTP timeout. Try later.")
        assert response.headers["retry-after"] == "60"
        clock.forward(timedelta(minutes=1))
        assert (await program.log_in(value, grant_type="refresh_2fa_access_token")).status_code == 201

    # AUTH-20
    async def test_code_sent_for_one_token_is_useless_for_another(self, program, db, clock: FixedClock) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        old = await sent(db)
        clock.forward(timedelta(seconds=1))
        newer = (await program.log_in(value, grant_type="refresh_2fa_access_token")).json()["data"]["value"]
        refused(await program.confirm(value, await sent(db)), 401, "token_expired")
        if old != await sent(db):
            refused(await program.confirm(newer, old), 401, "otp_invalid")

    # AUTH-21
    async def test_waiting_sign_in_cannot_change_where_the_code_goes(self, program) -> None:
        value = (await program.by_password()).json()["data"]["value"]
        body = {"factor": "+380509999999", "type": "SMS"}
        refused(await program.post("/oauth/users/actions/init_factor", body, value), 403, "forbidden")


# AUTH-15, AUTH-16, AUTH-21
class TestFirstPhone:
    async def test_is_set_with_a_code_sent_to_it(self, program, work, db, user_id) -> None:
        await identity.require_factor(work, user_id)
        body = (await program.by_password()).json()
        assert body["urgent"] == {"next_step": "REQUEST_FACTOR"}
        value = body["data"]["value"]
        path = "/oauth/users/actions"
        bad = await program.post(f"{path}/init_factor", {"factor": "0671234567"}, value)
        assert refused(bad, 422, "validation_failed")["invalid"][0]["entry"] == "$.factor"
        assert (await program.post(f"{path}/init_factor", {"factor": PHONE}, value)).status_code == 200
        response = await program.post(f"{path}/approve_factor", {"otp": await sent(db)}, value)
        assert response.json()["urgent"] == {"next_step": "REQUEST_APPS"}
        assert await db.fetchval("select factor from authentication_factors where user_id = $1", user_id) == PHONE


async def change(work: Work, user_id: UUID, old: str, new: str) -> None:
    """As the request pipeline does it: ask what is not known yet, and begin anew."""
    try:
        await identity.change_password(work, user_id, old, new)
    except NeedsExternal as need:
        await need.asking()
        await identity.change_password(work, user_id, old, new)


# AUTH-8, AUTH-12
class TestRestrictedToken:
    async def test_expired_password_opens_the_change_of_password_and_nothing_else(
        self, program, clock: FixedClock, user_id
    ) -> None:
        clock.forward(timedelta(days=90))
        refused(await program.by_password(), 401, "password_expired")
        asked = {"grant_type": "change_password", "scope": "user:change_password"}
        data = (await program.by_password(**asked)).json()["data"]
        assert data["details"]["scope"] == "user:change_password"
        app = {"client_id": str(program.client_id), "redirect_uri": "https://a.test", "scope": "person:read"}
        refused(await program.post("/oauth/apps/authorize", {"app": app}, data["value"]), 403, "forbidden")
        change = {"user": {"current_password": PASSWORD, "password": NEW}}
        path = "/oauth/users/actions/update_password"
        assert (await program.post(path, change, data["value"])).status_code == 200
        refused(await program.post(path, change, data["value"]), 401, "token_expired")
        assert (await program.by_password(NEW)).status_code == 201

    # AUTH-13
    async def test_grant_takes_no_other_scope(self, program, user_id) -> None:
        response = await program.by_password(grant_type="change_password", scope="person:read")
        refused(response, 422, "validation_failed", "Scope is not allowed: person:read")

    # AUTH-10
    @pytest.mark.parametrize(
        "password", ["Short-1a", "усе-малими-літерами-1", "УСЕ-ВЕЛИКИМИ-ЛІТЕРАМИ-1", "Без-цифр-зовсім"]
    )
    async def test_weak_password_is_refused_at_its_field(self, program, user_id, password: str) -> None:
        asked = {"grant_type": "change_password", "scope": "user:change_password"}
        value = (await program.by_password(**asked)).json()["data"]["value"]
        change = {"user": {"current_password": PASSWORD, "password": password}}
        response = await program.post("/oauth/users/actions/update_password", change, value)
        assert refused(response, 422, "validation_failed")["invalid"][0]["entry"] == "$.user.password"

    # AUTH-11
    async def test_three_earlier_passwords_are_remembered_and_no_more(self, program, work, user_id, db) -> None:
        names = [PASSWORD, *(f"Пароль-для-зміни-{number}" for number in range(1, 5))]
        for step, (old, new) in enumerate(pairwise(names)):
            later = Work(NOBODY, NOW + timedelta(minutes=step), db, work.dependencies)
            await change(later, user_id, old, new)
        assert await db.fetchval("select count(*) from password_history where user_id = $1", user_id) == 3
        for taken in names[1:]:
            with pytest.raises(Exception, match="Validation") as fault:
                await change(work, user_id, names[-1], taken)
            assert fault.value.invalid[0].description == "This password has been used recently. Try another one"
        later = Work(NOBODY, NOW + timedelta(hours=1), db, work.dependencies)
        await change(later, user_id, names[-1], PASSWORD)


class TestReminder:
    async def test_is_said_in_the_last_fourteen_days(self, program, user_id, clock: FixedClock) -> None:
        clock.forward(timedelta(days=75))
        assert "password_reminder" not in (await program.by_password()).json()["urgent"]
        clock.forward(timedelta(days=1))
        assert (await program.by_password()).json()["urgent"]["password_reminder"] == "The password should be changed"


# AUTH-34
class TestKey:
    async def test_worker_comes_in_by_own_key(self, program, world: World, db, user_id) -> None:
        body = {"client_id": str(program.client_id)}
        jwt = (await program.post("/oauth/nonce", body)).json()["data"]["token"]
        signed = world.doctor.sign({"jwt": jwt})
        asked = {"grant_type": "digital_signature", "signed_content": signed, "signed_content_encoding": "base64"}
        response = await program.log_in(**asked)
        assert (response.status_code, response.json()["urgent"]) == (201, {"next_step": "REQUEST_APPS"})
        assert response.json()["data"]["user_id"] == str(world.doctor.user_id)
        refused(await program.log_in(**asked), 401, "jwt_invalid")

    async def test_who_has_no_role_at_the_client_is_not_registered(self, program, world: World) -> None:
        jwt = (await program.post("/oauth/nonce", {"client_id": str(program.client_id)})).json()["data"]["token"]
        signed = world.pharmacist.sign({"jwt": jwt})
        response = await program.log_in(grant_type="digital_signature", signed_content=signed)
        refused(response, 403, "forbidden", "User is not registered")

    # SG-4
    @pytest.mark.parametrize("drfo", ["КС000017", "KC000017", "кс000017", "kc 000017", "КС-000017"])
    async def test_passport_in_the_place_of_the_tax_id_opens_in_every_spelling(
        self, program, world: World, authority: Authority, db, user_id, drfo: str
    ) -> None:
        await db.execute("update users set tax_id = 'КС000017' where id = $1", world.doctor.user_id)
        jwt = (await program.post("/oauth/nonce", {"client_id": str(program.client_id)})).json()["data"]["token"]
        signed = with_key(authority, world.doctor, Subject(surname="Яворська", drfo=drfo)).sign({"jwt": jwt})
        response = await program.log_in(grant_type="digital_signature", signed_content=signed)
        assert (response.status_code, response.json()["data"]["user_id"]) == (201, str(world.doctor.user_id))


# AUTH-1
class TestUnknown:
    async def test_unknown_address_is_paused_like_a_known_one(self, program, user_id) -> None:
        for email in (EMAIL, "nobody@clinic.example"):
            answers = [await program.log_in(email=email, password="неправильний") for _ in range(5)]
            messages = [answer.json()["error"]["message"] for answer in answers]
            assert messages[:4] == ["Identity, password combination is wrong."] * 4
            assert messages[4] == "You reached login attempts limit. Try again later"

    async def test_block_is_told_only_to_who_knows_the_password(self, program, work, user_id) -> None:
        await identity.block_user(work, user_id, "перевірка")
        refused(await program.by_password("неправильний"), 401, "access_denied")
        refused(await program.by_password(), 401, "user_blocked", "User blocked.")

    async def test_password_of_unknown_user_is_hashed_all_the_same(self, program, user_id, monkeypatch) -> None:
        """The time of the answer is that of one argon2, whoever is asked for."""
        seen: list[bool] = []
        original = identity.commands.sign_in.passwords.matches

        async def matches(stored: str | None, password: str) -> bool:
            seen.append(stored is None)
            return await original(stored, password)

        monkeypatch.setattr(identity.commands.sign_in.passwords, "matches", matches)
        await program.log_in(email="nobody@clinic.example", password=PASSWORD)
        await program.by_password("неправильний")
        assert seen == [True, False]


# AUTH-3
class TestRace:
    """Many at once over many connections: no guess beyond the allowed number is ever compared."""

    @pytest.fixture
    async def made(self, fresh_database: Database, dependencies, fresh_world: World):
        async with fresh_database.transaction() as db:
            user = await identity.create_user(Work(NOBODY, NOW, db, dependencies), email=EMAIL, password=PASSWORD)
            await identity.require_factor(Work(NOBODY, NOW, db, dependencies), user.id, phone=PHONE)
        return Program(fresh_world), user.id

    async def test_parallel_wrong_passwords_are_compared_four_times_at_most(self, made) -> None:
        program, _ = made
        answers = await asyncio.gather(*(program.by_password("неправильний") for _ in range(12)))
        messages = [answer.json()["error"]["message"] for answer in answers]
        assert messages.count("Identity, password combination is wrong.") == 4
        assert messages.count("You reached login attempts limit. Try again later") == 8

    async def test_parallel_wrong_codes_are_compared_three_times_at_most(self, made, fresh_database) -> None:
        program, user_id = made
        value = (await program.by_password()).json()["data"]["value"]
        async with fresh_database.connection() as db:
            code = await sent(db)
        answers = await asyncio.gather(*(program.confirm(value, wrong_for(code)) for _ in range(12)))
        types = [answer.json()["error"]["type"] for answer in answers]
        assert types.count("otp_invalid") == 2
        assert types.count("otp_reached_max_attempts") == 1
        async with fresh_database.connection() as db:
            assert await db.fetchval("select attempts from sign_in_codes") == 3
            assert await db.fetchval("select is_blocked from users where id = $1", user_id)

    # AUTH-24
    async def test_parallel_issues_leave_one_live_token(
        self, made, fresh_database, dependencies, fresh_world: World
    ) -> None:
        _, user_id = made
        client_id = fresh_world.doctor.client_id

        async def issue() -> None:
            async with fresh_database.transaction() as db:
                await identity.issue_access(
                    Work(NOBODY, NOW, db, dependencies), user_id, client_id, frozenset({"a:b"}), None
                )

        await asyncio.gather(*(issue() for _ in range(6)))
        async with fresh_database.connection() as db:
            live = "select count(*) from tokens where user_id = $1 and name = 'access_token' and expires_at > $2"
            assert await db.fetchval(live, user_id, NOW) == 1
