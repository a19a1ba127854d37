"""Limits of calls counted by one process and by several together (GW-6)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from esoz.kernel import limits
from esoz.kernel.db import Database
from esoz.kernel.limits import MOST_COUNTERS, UNTOLD, Limiter, RateLimited
from tests.central.conftest import NOW

LIMIT, PROCESSES = 640, 4


async def passes(limiter: Limiter, calls: int, operation: str = "read") -> int:
    """How many of so many calls are let through."""
    passed = 0
    for _ in range(calls):
        try:
            await limiter.admit(operation, "token", NOW)
            passed += 1
        except RateLimited:
            pass
    return passed


# GW-7
class TestAlone:
    async def test_zero_turns_limits_off(self) -> None:
        limiter = Limiter(0, {"a": 1})
        assert [await limiter.admit("a", "token", NOW) for _ in range(5)] == [None] * 5

    async def test_own_limit_of_an_operation_is_the_lower_one(self) -> None:
        assert await passes(Limiter(10, {"a": 1}), 5, "a") == 1

    async def test_memory_has_a_bound_whoever_calls(self) -> None:
        limiter = Limiter(10_000_000, {})
        for number in range(MOST_COUNTERS + 50):
            await limiter.admit("a", f"token {number}", NOW)
        assert len(limiter._counters) <= MOST_COUNTERS + 1


class Counted(Database):
    """A database that counts how often it is asked."""

    asked = 0

    def connection(self):
        self.asked += 1
        return super().connection()


@pytest.fixture
async def together(fresh_database: Database) -> AsyncIterator[list[Limiter]]:
    """The limiters of four processes over one database."""
    database = Counted(fresh_database.url, size=4)
    await database.open()
    yield [Limiter(LIMIT, {"log in": 8}, processes=PROCESSES, database=database) for _ in range(PROCESSES)]
    await database.close()


def asked(limiter: Limiter) -> int:
    database = limiter._database
    assert isinstance(database, Counted)
    return database.asked


class TestTogether:
    async def test_ordinary_caller_costs_no_round_trip(self, together: list[Limiter]) -> None:
        assert sum([await passes(each, LIMIT // UNTOLD // PROCESSES) for each in together]) == LIMIT // UNTOLD
        assert asked(together[0]) == 0

    async def test_caller_of_one_process_gets_the_whole_limit_and_no_more(self, together: list[Limiter]) -> None:
        assert await passes(together[0], 2 * LIMIT) == LIMIT
        assert asked(together[0]) <= UNTOLD * PROCESSES

    async def test_caller_of_all_processes_gets_the_limit_and_at_most_a_sixteenth_more(
        self, together: list[Limiter]
    ) -> None:
        passed = 0
        for _ in range(LIMIT):
            passed += sum([await passes(each, 1) for each in together])
        assert LIMIT <= passed <= LIMIT + LIMIT // UNTOLD

    async def test_low_limit_when_many_come_at_once_then_exact(self, together: list[Limiter]) -> None:
        counts = await asyncio.gather(*(passes(each, 1, "log in") for each in together for _ in range(20)))
        assert sum(counts) == 8

    async def test_what_is_left_tells_of_the_other_processes(self, together: list[Limiter]) -> None:
        await passes(together[0], LIMIT // 2)
        allowance = None
        for _ in range(LIMIT // UNTOLD):
            allowance = await together[1].admit("read", "token", NOW)
        assert allowance is not None
        assert allowance.remaining <= LIMIT // 2 - LIMIT // UNTOLD

    async def test_next_minute_begins_anew_and_old_counts_are_deleted(self, together: list[Limiter]) -> None:
        await passes(together[0], 2 * LIMIT)
        later = NOW + timedelta(minutes=2)
        assert await together[0].admit("read", "token", later) is not None
        async with together[0]._database.connection() as db:
            await limits.clean_up(db, later)
            assert await db.fetchval("select count(*) from rate_counts") == 0
