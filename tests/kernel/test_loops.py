"""The loop of background work: how it waits, what wakes it, what it outlives, how it stops."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
import pytest

from esoz.kernel import loops
from esoz.kernel.db import Database
from esoz.kernel.errors import Unavailable
from esoz.kernel.loops import Bell, notified, poll, poll_several
from tests.conftest import Server

LONG = 3600.0  # nothing in these tests waits so long
SOON = 10.0


# The connections of the loop: its listener and the one that a claim holds.
MINE = "select pid, query from pg_stat_activity where query ilike 'listen \"tests\"%' or query = 'select pg_sleep(60)'"


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """A pool that the loop may lose."""
    async with opened(server) as found:
        yield found


@pytest.fixture
async def other(server: Server) -> AsyncIterator[Database]:
    """Another pool of the same database."""
    async with opened(server) as found:
        yield found


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Database]:
    found = Database(server.url("postgres"), size=3)
    await found.open()
    yield found
    await found.close()


class Away(Exception):
    """Another service does not answer."""


class Claims:
    """Answers one after another; a fault among them is raised. After the last one the loop is told to stop."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.times = list(answers), list[float]()
        self.stopping, self.called = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> object:
        self.times.append(time.monotonic())
        self.called.set()
        answer = self.answers.pop(0)
        if not self.answers:
            self.stopping.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def pauses(self) -> list[float]:
        return [after - before for before, after in zip(self.times, self.times[1:], strict=False)]


async def run(claims: Claims, *, idle: float, passing: tuple[type[Exception], ...] = ()) -> None:
    async with asyncio.timeout(SOON):
        await poll("tests", claims, idle=idle, stopping=claims.stopping, passing=passing)


@contextmanager
def said(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    with caplog.at_level("INFO", logger="esoz"):
        yield lambda: [record.getMessage() for record in caplog.records]


async def test_after_work_it_is_claimed_again_at_once_and_without_work_it_waits() -> None:
    claims = Claims(True, 2, 0, None, True)
    await run(claims, idle=0.5)
    assert all(pause < 0.5 for pause in claims.pauses[:2])
    assert all(pause >= 0.45 for pause in claims.pauses[2:])


async def test_stopped_while_it_waits_then_it_ends_at_once() -> None:
    claims = Claims(False, False)
    running = asyncio.create_task(run(claims, idle=LONG))
    await claims.called.wait()
    claims.stopping.set()
    await running
    assert len(claims.times) == 1


async def test_stopped_while_it_works_then_the_work_is_finished_first() -> None:
    stopping, begun, may_end, done = asyncio.Event(), asyncio.Event(), asyncio.Event(), []

    async def claim() -> bool:
        begun.set()
        await may_end.wait()
        done.append("finished")
        return True

    running = asyncio.create_task(poll("tests", claim, idle=LONG, stopping=stopping))
    await begun.wait()
    stopping.set()
    await asyncio.sleep(0.01)
    assert not running.done()
    may_end.set()
    await asyncio.wait_for(running, SOON)
    assert done == ["finished"]


async def test_the_database_is_lost_then_the_pause_grows_and_it_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    lost: list[Exception] = [
        Unavailable(),
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.InterfaceError("closed"),
        ConnectionRefusedError(),
    ]
    claims = Claims(*lost, True, Unavailable(), True)
    with said(caplog) as lines:
        await run(claims, idle=0.02)
    for pause, least in zip(claims.pauses, (0.02, 0.04, 0.08, 0.16, 0, 0.02), strict=True):
        assert pause >= least * 0.9
    assert claims.pauses[5] < 0.16  # it begins anew after the database was back
    assert lines().count("tests: waits for the database") == 5
    assert lines().count("tests: the database is back") == 2


async def test_the_database_stays_away_then_the_pause_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "LONGEST_PAUSE_SECONDS", 0.002)
    claims = Claims(*(Unavailable() for _ in range(100)), True)
    await run(claims, idle=0.001)
    assert len(claims.times) == 101


async def test_the_database_is_lost_and_it_is_stopped_then_it_ends_at_once() -> None:
    claims = Claims(Unavailable(), True)
    running = asyncio.create_task(run(claims, idle=LONG))
    await claims.called.wait()
    claims.stopping.set()
    await running
    assert len(claims.times) == 1


async def test_a_fault_that_passes_then_the_pause_does_not_grow(caplog: pytest.LogCaptureFixture) -> None:
    claims = Claims(*(Away() for _ in range(8)), True)
    with said(caplog) as lines:
        await run(claims, idle=0.01, passing=(Away,))
    assert all(pause >= 0.009 for pause in claims.pauses)
    assert claims.times[-1] - claims.times[0] < 1.0  # doubled each time it would be 2.55
    assert lines() == ["tests: tried again at the next turn"] * 8


async def test_any_other_fault_then_the_loop_ends_with_it() -> None:
    with pytest.raises(ZeroDivisionError):
        await run(Claims(ZeroDivisionError(), True), idle=LONG)


async def test_notified_then_it_is_claimed_without_waiting(database: Database) -> None:
    claims = Claims(False, False, True)
    wake = notified(database, "tests")
    running = asyncio.create_task(poll("tests", claims, idle=LONG, stopping=claims.stopping, wake=wake))
    async with database.connection() as db, asyncio.timeout(SOON):
        await _until(lambda: len(claims.times) == 1)
        await db.execute("select pg_notify('tests', '')")
        await _until(lambda: len(claims.times) == 2)
        await db.execute("select pg_notify('tests', '')")
        await running
    assert len(claims.times) == 3


async def test_notified_during_the_claim_then_it_is_not_missed(database: Database) -> None:
    stopping, calls = asyncio.Event(), 0

    async def claim() -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            stopping.set()
        else:
            async with database.connection() as db:
                await db.execute("select pg_notify('tests', '')")
            await asyncio.sleep(0.2)  # the listener has heard it by now
        return False

    wake = notified(database, "tests")
    await asyncio.wait_for(poll("tests", claim, idle=LONG, stopping=stopping, wake=wake), SOON)
    assert calls == 2


async def test_the_server_ends_all_connections_then_it_listens_again(database: Database, other: Database) -> None:
    stopping, calls = asyncio.Event(), 0

    async def claim() -> bool:
        nonlocal calls
        calls += 1
        if calls == 1:
            async with database.connection() as db:
                await db.execute("select pg_sleep(60)")
        return False

    wake = notified(database, "tests")
    running = asyncio.create_task(poll("tests", claim, idle=0.05, stopping=stopping, wake=wake))
    async with other.connection() as db, asyncio.timeout(SOON):
        await _until(lambda: calls == 1)
        while await db.fetchval(f"select count(*) from ({MINE}) mine") < 2:
            await asyncio.sleep(0.01)
        await db.execute(f"select pg_terminate_backend(pid) from ({MINE}) mine")
        await _until(lambda: calls >= 2)
        assert await db.fetchval(f"select count(*) from ({MINE}) mine where query ilike 'listen%'") == 1
    stopping.set()
    await asyncio.wait_for(running, SOON)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


class TestSeveral:
    """Loops that claim beside each other."""

    async def test_a_call_wakes_one_and_whoever_sees_more_calls_the_next(self) -> None:
        stopping, bell, begun = asyncio.Event(), Bell(), asyncio.Semaphore(0)
        together = asyncio.Barrier(3)
        waiting: list[str] = []
        claimed: list[str] = []
        ears: list[asyncio.Event] = []

        async def claim() -> bool:
            begun.release()
            if not waiting:
                return False
            claimed.append(waiting.pop())
            if waiting:
                bell.set()
            await together.wait()  # nobody goes on before three have claimed
            return True

        @asynccontextmanager
        async def wake(woken: asyncio.Event) -> AsyncIterator[None]:
            ears.append(woken)
            yield

        async with asyncio.timeout(SOON):
            running = asyncio.create_task(
                poll_several("tests", claim, bell=bell, at_once=3, idle=LONG, stopping=stopping, wake=wake)
            )
            for _ in range(3):
                await begun.acquire()
            await asyncio.sleep(0.01)  # all rest
            [ear] = ears
            for round in range(2):
                waiting += [f"{round}a", f"{round}b", f"{round}c"]
                ear.set()
                for _ in range(6):  # three that find something, and look again
                    await begun.acquire()
                await asyncio.sleep(0.01)
            assert begun.locked()  # and nobody for nothing
            stopping.set()
            await running
        assert sorted(claimed) == ["0a", "0b", "0c", "1a", "1b", "1c"]

    async def test_called_while_nobody_rests_then_nobody_comes_to_rest(self) -> None:
        stopping, bell, looks = asyncio.Event(), Bell(), 0

        async def claim() -> bool:
            nonlocal looks
            looks += 1
            if looks == 1:
                bell.set()  # what was submitted was not seen by the claim under way
            else:
                stopping.set()
            return False

        async with asyncio.timeout(SOON):
            await poll_several("tests", claim, bell=bell, at_once=1, idle=LONG, stopping=stopping)
        assert looks == 2

    async def test_fault_of_one_then_all_end_with_it(self) -> None:
        claims = iter([LookupError("ours"), False, False])

        async def claim() -> bool:
            answer = next(claims)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async with asyncio.timeout(SOON):
            with pytest.raises(ExceptionGroup) as raised:
                await poll_several("tests", claim, bell=Bell(), at_once=3, idle=LONG, stopping=asyncio.Event())
        assert raised.group_contains(LookupError)
