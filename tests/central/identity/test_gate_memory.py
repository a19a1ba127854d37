"""What the gate remembers of tokens and MIS outlives no block by a second, whoever blocked and whatever was lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from esoz.central import identity
from esoz.central.app import make_api
from esoz.kernel import fresh
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.http import API
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies
from tests.central.conftest import opened
from tests.factories.world import Caller, World

PERSONS = "/api/persons"
WANTED = {"first_name": "Ніхто", "last_name": "Нікого", "birth_date": "1990-01-01"}
ENDINGS = {
    "token": "update tokens set expires_at = '2000-01-01' where user_id = $1",
    "consent": "delete from tokens where user_id = $1",
    "user": "update users set is_blocked = true where id = $1",
    "client": "update clients set is_blocked = true where id in (select client_id from tokens where user_id = $1)",
    "MIS": "update brokers set is_blocked = true where $1::uuid is not null",
    "right": "update tokens set scopes = '{}' where user_id = $1",
    "right of the MIS": "update brokers set scopes = '{}' where $1::uuid is not null",
}


class Deaf(Database):
    """A database whose notices never come."""

    def on_change(self, registry: str, forget: Callable[[], None]) -> None:
        """Hear nothing."""


@pytest.fixture
async def deaf(fresh_database: Database) -> AsyncIterator[Database]:
    database = Deaf(fresh_database.url, size=2)
    await database.open()
    yield database
    await database.close()


def calling(caller: Caller, api: API) -> Caller:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://api.test")
    return Caller(**{**vars(caller), "client": client})


def api_of(database: Database, dependencies: Dependencies, clock: FixedClock) -> API:
    return make_api(database, dependencies, clock, Settings({"ESOZ_CENTRAL_URL": "https://api.test"}))


async def status(caller: Caller) -> int:
    return (await caller.get(PERSONS, **WANTED)).status_code


async def until(refused: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(100):
        if await refused():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("let in a second later")


@pytest.mark.parametrize("ending", ENDINGS)
async def test_ended_through_another_connection_of_the_process_then_refused_at_once(
    fresh_world: World, fresh_database: Database, ending: str
) -> None:
    assert await status(fresh_world.doctor) == 200
    async with fresh_database.transaction() as db:
        await db.execute(ENDINGS[ending], fresh_world.doctor.user_id)
    assert await status(fresh_world.doctor) in (401, 403)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_ended_in_another_process_then_the_notice_comes(
    fresh_world: World, fresh_database: Database, ending: str
) -> None:
    assert await status(fresh_world.doctor) == 200
    async with opened(fresh_database.url) as other, other.transaction() as db:
        await db.execute(ENDINGS[ending], fresh_world.doctor.user_id)

    async def refused() -> bool:
        return await status(fresh_world.doctor) in (401, 403)

    await until(refused)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_the_notice_is_lost_then_refused_when_the_term_is_over(
    world: World,
    fresh_database: Database,
    deaf: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    ticks = 0.0
    monkeypatch.setattr(identity.gate, "Fresh", lambda ask: fresh.Fresh(ask, ticks=lambda: ticks))
    doctor = calling(world.doctor, api_of(deaf, dependencies, clock))
    assert await status(doctor) == 200
    async with fresh_database.transaction() as db:
        await db.execute(ENDINGS[ending], doctor.user_id)
    ticks = fresh.SECONDS - 0.01
    assert await status(doctor) == 200  # what the second is for; a test that never sees it would prove nothing
    ticks = fresh.SECONDS
    assert await status(doctor) in (401, 403)


async def test_two_processes_with_different_memories_then_each_is_right_about_its_own_clock(
    world: World, fresh_database: Database, deaf: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    hearing = calling(world.doctor, api_of(fresh_database, dependencies, clock))
    not_hearing = calling(world.doctor, api_of(deaf, dependencies, clock))
    assert (await status(hearing), await status(not_hearing)) == (200, 200)
    async with fresh_database.transaction() as db:
        await db.execute(ENDINGS["user"], world.doctor.user_id)
    assert await status(hearing) == 401

    async def refused() -> bool:
        return await status(not_hearing) == 401

    await until(refused)
