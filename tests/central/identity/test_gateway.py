"""The gateway's rules: limits of calls, and keys that make a repeated request harmless."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from esoz.central.app import LIMITS
from esoz.kernel import idempotency
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.http import API
from esoz.kernel.limits import Limiter
from tests.central.answers import refused
from tests.central.conftest import NOW
from tests.factories.world import Caller, World

WANTED = {"first_name": "Іван", "last_name": "Ніхто", "birth_date": "1990-01-01"}
REFRESH = "/api/clients/{client}/connections/{connection}/actions/refresh_secret"


# GW-6
class TestLimits:
    @pytest.fixture(autouse=True)
    def few(self, api: API) -> None:
        api.limiter = Limiter(3, {"API-009-007-0001": 1, **LIMITS})

    async def test_answers_say_what_is_left_of_the_minute(self, doctor: Caller) -> None:
        left = [(await doctor.get("/api/persons", **WANTED)).headers["x-ratelimit-remaining-minute"] for _ in range(3)]
        assert left == ["2", "1", "0"]

    async def test_over_the_limit_is_told_when_to_come_again_and_a_new_minute_begins_anew(
        self, doctor: Caller, clock: FixedClock, db: Connection
    ) -> None:
        clock.forward(timedelta(seconds=15))
        for _ in range(3):
            await doctor.get("/api/persons", **WANTED)
        lines = await db.fetchval("select count(*) from audit_events")
        response = await doctor.get("/api/persons", **WANTED)
        refused(response, 429, "too_many_requests", "API rate limit exceeded")
        assert response.headers["retry-after"] == "45"
        assert response.headers["x-ratelimit-limit-minute"] == "3"
        assert await db.fetchval("select count(*) from audit_events") == lines
        clock.forward(timedelta(seconds=45))
        assert (await doctor.get("/api/persons", **WANTED)).status_code == 200

    async def test_other_bearers_and_other_operations_are_counted_apart(
        self, doctor: Caller, foreign_doctor: Caller
    ) -> None:
        for _ in range(4):
            await doctor.get("/api/persons", **WANTED)
        assert (await foreign_doctor.get("/api/persons", **WANTED)).status_code == 200
        assert (await doctor.get("/api/jobs/0")).status_code != 429


@pytest.fixture
async def secret_path(world: World, db: Connection) -> str:
    """A write whose answer differs each time it is really done."""
    connection = await db.fetchval(
        "insert into connections (id, client_id, broker_id, redirect_uri, secret_hash, inserted_at, updated_at)"
        " select gen_random_uuid(), $1, id, 'https://a.test', '\\x00', $2, $2 from brokers where kind = 'MIS'"
        " returning id",
        world.owner.client_id,
        NOW,
    )
    return REFRESH.format(client=world.owner.client_id, connection=connection)


async def repeat(caller: Caller, path: str, key: str, body: str = "{}") -> httpx.Response:
    assert caller.client is not None
    headers = caller.headers | {"X-Idempotency-Key": key, "Content-Type": "application/json"}
    return await caller.client.patch(path, content=body, headers=headers)


class TestIdempotency:
    async def test_same_key_and_body_get_the_first_answer_and_nothing_is_done_twice(
        self, world: World, secret_path: str, db: Connection
    ) -> None:
        first, second = [await repeat(world.owner, secret_path, "key-1") for _ in range(2)]
        assert first.status_code == 200
        assert first.json()["meta"]["idempotency_key"] == "key-1"
        assert second.json() == first.json()
        assert await db.fetchval("select count(*) from audit_events where event like '%secret_refreshed'") == 1
        assert await db.fetchval("select count(*) from audit_events where event like '%.repeated'") == 1

    async def test_same_key_with_another_body_is_refused(self, world: World, secret_path: str) -> None:
        await repeat(world.owner, secret_path, "key-1")
        error = refused(await repeat(world.owner, secret_path, "key-1", '{"a": 1}'), 422, "validation_failed")
        assert error["invalid"][0]["entry_type"] == "header"

    async def test_same_key_of_another_user_is_another_key(self, world: World, secret_path: str) -> None:
        await repeat(world.owner, secret_path, "key-1")
        assert (await repeat(world.doctor, secret_path, "key-1")).status_code == 403

    async def test_refused_request_keeps_nothing_and_may_be_tried_again(
        self, world: World, secret_path: str, db: Connection
    ) -> None:
        wrong = secret_path.replace(str(world.owner.client_id), str(world.pharmacist.client_id))
        assert (await repeat(world.owner, wrong, "key-1")).status_code == 403
        assert await db.fetchval("select count(*) from idempotent_answers") == 0
        assert (await repeat(world.owner, secret_path, "key-1")).status_code == 200

    async def test_kept_answer_is_sealed(self, world: World, secret_path: str, db: Connection) -> None:
        secret = (await repeat(world.owner, secret_path, "key-1")).json()["data"]["secret"]
        assert secret.encode() not in await db.fetchval("select answer from idempotent_answers")

    @pytest.mark.parametrize("key", ["", "x" * 256, "ключ".encode()])
    async def test_key_that_is_no_key_is_refused(self, world: World, secret_path: str, key) -> None:
        assert (await repeat(world.owner, secret_path, key)).status_code == 422

    async def test_answers_are_kept_for_a_day(self, world: World, secret_path: str, db: Connection) -> None:
        await repeat(world.owner, secret_path, "key-1")
        await idempotency.clean_up(db, NOW + timedelta(hours=23))
        assert await db.fetchval("select count(*) from idempotent_answers") == 1
        await idempotency.clean_up(db, NOW + timedelta(hours=25))
        assert await db.fetchval("select count(*) from idempotent_answers") == 0

    async def test_two_at_once_are_done_once(self, fresh_world: World, fresh_database: Database) -> None:
        async with fresh_database.transaction() as db:
            connection = await db.fetchval(
                "insert into connections (id, client_id, broker_id, redirect_uri, secret_hash, inserted_at, updated_at)"
                " select gen_random_uuid(), $1, id, 'https://a.test', '\\x00', $2, $2 from brokers"
                " where kind = 'MIS' returning id",
                fresh_world.owner.client_id,
                NOW,
            )
        path = REFRESH.format(client=fresh_world.owner.client_id, connection=connection)
        answers = await asyncio.gather(*(repeat(fresh_world.owner, path, "key-1") for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["data"]["secret"] for answer in answers}) == 1
