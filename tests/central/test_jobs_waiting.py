"""Jobs that cannot be performed now: the store is away, a fault of ours; nothing that was acknowledged is given up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from esoz.kernel import jobs, set_aside
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.errors import Conflict, NotFound, StoreUnavailable, Unavailable
from esoz.kernel.jobs import PAUSES, Done, JobHandlers, JobKind, Status
from esoz.kernel.work import NOBODY, Dependencies, Work

DAY = timedelta(days=1)


class Thing(msgspec.Struct):
    name: str = ""


KIND = JobKind("tests.keep", Thing)
Act = Callable[[Work], Awaitable[None]]


class Bench:
    """A worker of one kind of job, whose act a test chooses."""

    def __init__(self, database: Database, dependencies: Dependencies, clock: FixedClock) -> None:
        self.database, self.dependencies, self.clock = database, dependencies, clock
        self.act: Act = self.done
        handlers = JobHandlers()

        @handlers.add(KIND)
        async def handle(work: Work, _body: Thing) -> Done:
            await self.act(work)
            work.record(set_aside.Event.RETRIED, "tests")
            return Done()

        self.worker = jobs.Worker(database, dict(handlers), dependencies=dependencies, clock=clock)

    async def done(self, _work: Work) -> None:
        pass

    async def submit(self) -> str:
        async with self.database.transaction() as db:
            work = Work(NOBODY, self.clock.now(), db, self.dependencies)
            return (await jobs.submit(work, KIND, uuid4(), Thing(str(uuid4())))).id

    async def status(self, id: str) -> Status:
        async with self.database.connection() as db:
            return Status(await db.fetchval("select status from jobs where id = $1", id))

    async def retry(self, id: str) -> None:
        async with self.database.transaction() as db:
            await set_aside.retry(Work(NOBODY, self.clock.now(), db, self.dependencies), id)


@pytest.fixture
def bench(database: Database, dependencies: Dependencies, clock: FixedClock) -> Bench:
    return Bench(database, dependencies, clock)


def raising(fault: Exception) -> Act:
    async def act(_work: Work) -> None:
        raise fault

    return act


@pytest.mark.parametrize("fault", [StoreUnavailable(), Unavailable(), ConnectionRefusedError(), TimeoutError()])
async def test_what_a_job_needs_is_away_for_a_day_then_it_is_performed_afterwards(
    bench: Bench, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    id, bench.act, tries = await bench.submit(), raising(fault), 0
    until = bench.clock.now() + DAY
    with caplog.at_level("CRITICAL", logger="esoz"):
        while bench.clock.now() < until:
            tries += await bench.worker.perform_one()
            bench.clock.forward(timedelta(minutes=1))
    assert await bench.status(id) is Status.PENDING
    assert 100 < tries < 400  # pauses of five minutes at last
    assert len(caplog.records) == tries
    bench.act = bench.done
    bench.clock.forward(timedelta(minutes=6))
    assert await bench.worker.perform_one()
    assert await bench.status(id) is Status.PROCESSED


async def test_one_job_waits_then_others_are_performed(bench: Bench) -> None:
    first, bench.act = await bench.submit(), raising(StoreUnavailable())
    assert await bench.worker.perform_one()
    second, bench.act = await bench.submit(), bench.done
    assert await bench.worker.perform_one()
    assert (await bench.status(first), await bench.status(second)) == (Status.PENDING, Status.PROCESSED)
    assert not await bench.worker.perform_one()  # not yet


async def test_a_fault_of_ours_then_tried_over_minutes_set_aside_and_played_again(bench: Bench) -> None:
    id, bench.act = await bench.submit(), raising(ZeroDivisionError())
    for pause in PAUSES:
        assert await bench.worker.perform_one()
        assert not await bench.worker.perform_one()
        bench.clock.forward(pause)
    assert sum(PAUSES, timedelta()) > timedelta(minutes=10)
    assert await bench.worker.perform_one()
    assert await bench.status(id) is Status.FAILED_WITH_ERROR
    async with bench.database.transaction() as db:
        await jobs.clean_up(db, bench.clock.now() + 30 * DAY)
        assert [row["id"] for row in await set_aside.listed(db)] == [id]
    bench.act = bench.done
    await bench.retry(id)
    assert await bench.worker.perform_one()
    assert await bench.status(id) is Status.PROCESSED
    with pytest.raises(Conflict):
        await bench.retry(id)
    with pytest.raises(NotFound):
        await bench.retry("no job")
