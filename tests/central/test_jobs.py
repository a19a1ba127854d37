"""The queue of jobs: their order for one patient, what a job says of its time, how long it is kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from esoz.kernel import audit, jobs
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.errors import NotFound, Problem
from esoz.kernel.work import Actor, Dependencies, Work

from .conftest import NOW

CLINIC = Actor(client_id=UUID(int=1))


class Named(msgspec.Struct, frozen=True):
    """The body of a job."""

    name: str


KIND = jobs.JobKind("test", Named)
WAITS_FOR_ITS_TURN = """
select exists (select from pg_locks join pg_database here on here.oid = database
               where datname = current_database() and locktype = 'advisory' and not granted)
"""


class Performing:
    """Performs jobs and remembers which."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def __call__(self, work: Work, payload: bytes) -> jobs.Done:
        self.done.append(msgspec.json.decode(payload, type=Named).name)
        work.record(jobs.Status.PROCESSED, "test")
        return jobs.Done()


@pytest.fixture
async def queue(fresh_database: Database, dependencies: Dependencies) -> AsyncIterator[Work]:
    async with fresh_database.connection() as db:
        await audit.make_partitions(db, NOW)
        yield Work(CLINIC, NOW, db, dependencies)


def worker(database: Database, dependencies: Dependencies, performing: Performing) -> jobs.Worker:
    return jobs.Worker(database, {KIND.name: performing}, dependencies=dependencies, clock=FixedClock(NOW))


# JB-5
async def test_one_patient_of_a_clinic_has_many_jobs_then_other_patients_and_clinics_pass(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    busy, other = uuid4(), Work(Actor(client_id=UUID(int=2)), NOW, queue.db, dependencies)
    for number in range(30):
        await jobs.submit(queue, KIND, busy, Named(f"busy {number}"))
    await jobs.submit(queue, KIND, uuid4(), Named("patient"))
    for number in range(30):
        await jobs.submit(queue, KIND, uuid4(), Named(f"many {number}"))
    await jobs.submit(other, KIND, uuid4(), Named("clinic"))
    performing = Performing()
    postman = worker(fresh_database, dependencies, performing)
    while await postman.perform_one():
        pass
    assert len(performing.done) == 62
    assert performing.done.index("patient") < 4
    assert performing.done.index("clinic") < 4
    assert [name for name in performing.done if name.startswith("busy")] == [f"busy {number}" for number in range(30)]


async def test_the_queue_is_long_then_the_promised_time_is_as_far(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    await jobs.submit(queue, KIND, uuid4(), Named("first"))
    await worker(fresh_database, dependencies, Performing()).perform_one()
    await queue.db.execute("update jobs set took_ms = 2000")
    patient = uuid4()
    promised = [(await jobs.submit(queue, KIND, patient, Named(f"{number}"))).eta - NOW for number in range(100)]
    assert promised[0] == jobs.ETA
    assert promised == sorted(promised)
    assert promised[-1] == timedelta(seconds=1.5 * 2 * 100)
    foreign = Work(Actor(client_id=UUID(int=2)), NOW, queue.db, dependencies)
    assert (await jobs.submit(foreign, KIND, uuid4(), Named("soon"))).eta - NOW == jobs.ETA


async def test_a_job_that_is_put_off_then_it_holds_back_no_head_of_the_queue(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    await jobs.submit(queue, KIND, uuid4(), Named("put off"))
    await queue.db.execute("update jobs set put_off = 3, due_at = $1", NOW + timedelta(minutes=5))
    patient = uuid4()
    for number in range(10):
        await jobs.submit(queue, KIND, patient, Named(f"{number}"))
    await queue.db.execute("delete from jobs where turn between 1 and 5")
    foreign = Work(Actor(client_id=UUID(int=2)), NOW, queue.db, dependencies)
    await jobs.submit(foreign, KIND, uuid4(), Named("new"))
    turns = await queue.db.fetch("select turn from jobs where put_off = 0 order by turn, number")
    assert turns[0]["turn"] >= 6


# JB-5
async def test_jobs_of_a_patient_when_the_first_is_being_done_then_the_next_waits_and_others_do_not(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    patient, other = uuid4(), uuid4()
    for name, who in (("first", patient), ("second", patient), ("another's", other)):
        await jobs.submit(queue, KIND, who, Named(name))
    performing = Performing()
    async with fresh_database.transaction() as db:  # somebody else holds the first job
        await db.execute("select from jobs where payload like '%first%' for update")
        assert await worker(fresh_database, dependencies, performing).perform_one()
        assert not await worker(fresh_database, dependencies, performing).perform_one()
        assert performing.done == ["another's"]
    while await worker(fresh_database, dependencies, performing).perform_one():
        pass
    assert performing.done == ["another's", "first", "second"]


# JB-4
async def test_job_when_submitted_then_expected_in_a_minute_and_kept_for_seven_days_after_it_was_done(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    job = await jobs.submit(queue, KIND, uuid4(), Named("only"))
    assert job.eta == NOW + timedelta(seconds=60)
    assert await jobs.clean_up(queue.db, NOW + timedelta(days=30)) == 0, "it waits still"
    assert await worker(fresh_database, dependencies, Performing()).perform_one()
    assert await jobs.clean_up(queue.db, NOW + timedelta(days=7)) == 0
    assert await jobs.clean_up(queue.db, NOW + timedelta(days=7, seconds=1)) == 1
    assert await jobs.find(queue.db, job.id, CLINIC.client_id) is None


async def test_job_that_nobody_performs_again_then_what_it_held_is_gone(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    """What a patient's doctor has signed stands in the record; for a week only its outcome is asked for."""
    clock = FixedClock(NOW)

    async def handle(work: Work, payload: bytes) -> jobs.Done:
        name = msgspec.json.decode(payload, type=Named).name
        if name != "good":
            raise NotFound() if name == "refused" else Problem()
        return await Performing()(work, payload)

    for name in ("good", "refused", "faulty"):
        await jobs.submit(queue, KIND, uuid4(), Named(name))
    postman = jobs.Worker(fresh_database, {KIND.name: handle}, dependencies=dependencies, clock=clock)
    for pause in (*jobs.PAUSES, timedelta(0)):
        while await postman.perform_one():
            pass
        clock.forward(pause)
    held = await queue.db.fetch("select status, payload from jobs order by number")
    assert [tuple(row) for row in held] == [
        (jobs.Status.PROCESSED, b""),
        (jobs.Status.FAILED, b""),
        (jobs.Status.FAILED_WITH_ERROR, b'{"name":"faulty"}'),  # an operator has it performed again
    ]


# JB-1
async def test_job_when_performed_late_then_judged_by_its_arrival_and_finished_now(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    seen: list[Work] = []

    async def handle(work: Work, payload: bytes) -> jobs.Done:
        seen.append(work)
        work.record(jobs.Status.PROCESSED, "test")
        return jobs.Done()

    await jobs.submit(queue, KIND, uuid4(), Named("late"))
    clock = FixedClock(NOW + timedelta(hours=3))
    late = jobs.Worker(fresh_database, {KIND.name: handle}, dependencies=dependencies, clock=clock)
    assert await late.perform_one()
    [work] = seen
    assert (work.now, work.performed_at) == (NOW, clock.now())
    assert await queue.db.fetchval("select finished_at from jobs") == clock.now()
    assert await queue.db.fetchval("select max(at) from audit_events") == clock.now()


class Together:
    """Performs jobs slowly, and remembers how many were in hand and in which order those of a patient ended."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.most = self._now = 0

    async def __call__(self, work: Work, payload: bytes) -> jobs.Done:
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(0.02)
        self._now -= 1
        self.done.append(msgspec.json.decode(payload, type=Named).name)
        work.record(jobs.Status.PROCESSED, "test")
        return jobs.Done()


# JB-5
async def test_a_worker_does_several_at_once_then_those_of_a_patient_one_after_another(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    patients = [uuid4() for _ in range(6)]
    for number in range(5):
        for place, patient in enumerate(patients):
            await jobs.submit(queue, KIND, patient, Named(f"{place} {number}"))
    performing = Together()
    postman = jobs.Worker(fresh_database, {KIND.name: performing}, dependencies=dependencies, clock=FixedClock(NOW))
    running = asyncio.create_task(postman.run())
    async with asyncio.timeout(60):
        while len(performing.done) < 30:
            await asyncio.sleep(0.02)
    postman.stop()
    await asyncio.wait_for(running, 60)
    assert sorted(performing.done) == sorted(f"{place} {number}" for place in range(6) for number in range(5))
    for place in range(6):
        own = [name for name in performing.done if name.startswith(f"{place} ")]
        assert own == [f"{place} {number}" for number in range(5)]
    assert 1 < performing.most <= jobs.AT_ONCE


@pytest.mark.parametrize("fault", [asyncpg.DeadlockDetectedError, asyncpg.SerializationError])
async def test_another_act_stood_in_the_way_then_the_job_begins_anew_and_nothing_is_counted(
    queue: Work, fresh_database: Database, dependencies: Dependencies, fault: type[Exception]
) -> None:
    job = await jobs.submit(queue, KIND, uuid4(), Named("only"))
    faults, performing = iter([fault()]), Performing()

    async def perform(work: Work, payload: bytes) -> jobs.Done:
        if (found := next(faults, None)) is not None:
            raise found
        return await performing(work, payload)

    postman = jobs.Worker(fresh_database, {KIND.name: perform}, dependencies=dependencies, clock=FixedClock(NOW))
    assert await postman.perform_one()
    assert performing.done == ["only"]
    row = await queue.db.fetchrow("select status, attempts, put_off from jobs where id = $1", job.id)
    assert tuple(row) == ("processed", 0, 0)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("select 1 / $1::int", 0),  # the server refuses: the transaction is over, unless a savepoint stands
        ("select $1::int", 2**40),  # the driver refuses: nothing was sent, and nobody is away
        ("insert into jobs (number) values ($1::int)", 2**40),
    ],
)
async def test_job_whose_first_statement_fails_then_it_is_set_aside_and_the_next_is_performed(
    queue: Work, fresh_database: Database, dependencies: Dependencies, question: str, value: int
) -> None:
    performing = Performing()

    async def handle(work: Work, payload: bytes) -> jobs.Done:
        if msgspec.json.decode(payload, type=Named).name == "bad":
            await work.db.fetchval(question, value)
        return await performing(work, payload)

    for name in ("bad", "good"):
        await jobs.submit(queue, KIND, uuid4(), Named(name))
    postman = jobs.Worker(fresh_database, {KIND.name: handle}, dependencies=dependencies, clock=FixedClock(NOW))
    while await postman.perform_one():
        pass
    assert performing.done == ["good"]
    assert await queue.db.fetchval("select attempts + (status = 'failed')::int from jobs where status <> 'processed'")


async def test_job_that_comes_late_and_fails_by_our_own_fault_then_it_is_tried_after_a_pause(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    clock = FixedClock(NOW + timedelta(hours=1))

    async def handle(_work: Work, _payload: bytes) -> jobs.Done:
        raise Problem()

    await jobs.submit(queue, KIND, uuid4(), Named("only"))
    postman = jobs.Worker(fresh_database, {KIND.name: handle}, dependencies=dependencies, clock=clock)
    for pause in jobs.PAUSES:
        assert await postman.perform_one()
        assert not await postman.perform_one(), "it waits"
        clock.forward(pause)
    assert await postman.perform_one()
    row = await queue.db.fetchrow("select status, finished_at from jobs")
    assert tuple(row) == (jobs.Status.FAILED_WITH_ERROR, clock.now())


# JB-5
async def test_an_older_job_of_the_patient_comes_to_light_while_another_is_done_then_it_waits(
    queue: Work, fresh_database: Database, dependencies: Dependencies
) -> None:
    """It was submitted first and committed last, or an operator has it performed again."""
    patient, entered, may_end = uuid4(), asyncio.Event(), asyncio.Event()
    under_way: list[str] = []
    most = 0

    async def handle(work: Work, payload: bytes) -> jobs.Done:
        nonlocal most
        under_way.append(msgspec.json.decode(payload, type=Named).name)
        most = max(most, len(under_way))
        entered.set()
        await may_end.wait()
        under_way.pop()
        work.record(jobs.Status.PROCESSED, "test")
        return jobs.Done()

    def performing() -> asyncio.Task[bool]:
        postman = jobs.Worker(fresh_database, {KIND.name: handle}, dependencies=dependencies, clock=FixedClock(NOW))
        return asyncio.create_task(postman.perform_one())

    async with asyncio.timeout(60), fresh_database.transaction() as db:
        await jobs.submit(Work(CLINIC, NOW, db, dependencies), KIND, patient, Named("older"))
        await jobs.submit(queue, KIND, patient, Named("newer"))
        newer = performing()
        await entered.wait()
    entered.clear()
    older = performing()
    async with asyncio.timeout(60):
        while not entered.is_set() and not await queue.db.fetchval(WAITS_FOR_ITS_TURN):
            await asyncio.sleep(0.01)
        may_end.set()
        assert (await newer, await older) == (True, True)
    assert most == 1
    assert await queue.db.fetchval("select count(*) from jobs where status = 'processed'") == 2


async def test_statistics_say_that_nothing_waits_then_no_question_reads_all_that_do(fresh_database: Database) -> None:
    """A plan made for an empty queue is kept by a connection, and thousands may wait an hour later."""
    many = 2_000
    async with fresh_database.connection() as db:
        await db.execute("vacuum analyze jobs")
        async with db.transaction():
            await db.execute(
                "insert into jobs (id, kind, patient_id, request_hash, payload, actor, request_id, status,"
                " inserted_at, eta, client_id, round, turn)"
                " select n, 'a', gen_random_uuid(), sha256(n::text::bytea), '', '{}', '', 'pending', now(), now(),"
                " gen_random_uuid(), 1, $1 - n from generate_series(1, $1::int) n",
                many,
            )
            for sql, values, most in (
                ("jobs_next($1, $1)", (NOW,), 10),
                ("jobs_are_more($1)", (1,), 10),
                ("jobs_place($1, $2, 8)", (uuid4(), uuid4()), 100),
            ):
                await db.fetch(f"select * from {sql}", *values)
                [row] = await db.fetch(f"explain (analyze, buffers, format json) select * from {sql}", *values)
                plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
                assert plan[0]["Plan"]["Shared Hit Blocks"] < most, sql
