"""Asynchronous work: a job is claimed, performed and finished in one transaction, so it happens exactly once.

A job is only the performance of what arrived earlier: it is judged by the moment of its submission (JB-1).
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from . import audit, envelope, logs
from .act import write_later
from .clock import Clock
from .db import Connection, Database
from .errors import Problem, Unavailable
from .job_turns import AWAKE, CLAIM, PACE, SUBMIT
from .loops import Bell, notified, poll_several
from .metrics import JOBS
from .outages import IN_THE_WAY
from .refused import facts_of
from .transaction import REFUSED, asking, refusal_of, repeating
from .work import Actor, AuditEntry, Dependencies, NeedsExternal, Work, remembering

ETA = timedelta(seconds=60)  # JB-4: a constant in the real system; here the least that is promised
KEEP = timedelta(days=7)  # JB-4
KEEP_SET_ASIDE = timedelta(days=90)  # what was acknowledged and not performed waits for an operator
# After a fault of our own a job is tried again so much later; after the last time it is set aside with its error.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)  # while what a job needs is away; never given up
NEVER_LATER = timedelta(hours=1)  # nothing is put off so far: such a time comes from a clock that was wrong
# The database itself is away: nothing can be noted, the whole worker waits.
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
)
IDLE_SECONDS = 1.0
AT_ONCE = 4  # of one worker: while one waits for the disk, others use its core


class Status(StrEnum):
    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"
    FAILED_WITH_ERROR = "failed_with_error"


MOVES = {
    Status.PENDING: frozenset({Status.PROCESSED, Status.FAILED, Status.FAILED_WITH_ERROR}),
    Status.PROCESSED: frozenset[Status](),
    Status.FAILED: frozenset[Status](),
    Status.FAILED_WITH_ERROR: frozenset({Status.PENDING}),  # an operator has it performed again
}


@dataclass(frozen=True, slots=True)
class Link:
    """Where the result of a job can be read."""

    entity: str
    href: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a performed job answers: links to what was made, or a body."""

    links: Sequence[Link] = ()
    response: Mapping[str, object] | None = None
    status_code: int = 200


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its caller sees it."""

    id: str
    status: Status
    eta: datetime
    status_code: int | None = None
    links: Sequence[Link] = ()
    response: Mapping[str, object] | None = None
    error: Mapping[str, object] | None = None


B = TypeVar("B", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class JobKind(Generic[B]):
    """A kind of job: its name in the database, and the type of its body for who submits and who handles it."""

    name: str
    body: type[B]


JobHandler: TypeAlias = Callable[[Work, bytes], Awaitable[Done]]


class JobHandlers:
    """What performs the jobs of a context, by the name of their kind."""

    def __init__(self) -> None:
        self._by_name: dict[str, JobHandler] = {}

    def add(self, kind: JobKind[B]) -> Callable[[Callable[[Work, B], Awaitable[Done]]], JobHandler]:
        """Register the decorated function: it is handed the body of its kind, typed."""

        def register(handle: Callable[[Work, B], Awaitable[Done]]) -> JobHandler:
            async def handler(work: Work, payload: bytes) -> Done:
                return await handle(work, msgspec.json.decode(payload, type=kind.body))

            self._by_name[kind.name] = handler
            return handler

        return register

    def __iter__(self) -> Iterator[tuple[str, JobHandler]]:
        return iter(self._by_name.items())


async def submit(
    work: Work, kind: JobKind[B], patient_id: UUID, body: B, *, request_id: str = "", asked: B | None = None
) -> Job:
    """Store a job in the caller's transaction; an identical pending one is answered instead of a second (JB-2).

    `asked`: the body as its client sent it, when `body` holds more; by it two are identical.
    """
    raw = _raw(body)
    same = raw if asked is None else _raw(asked)
    request_hash = hashlib.sha256(b"\0".join((kind.name.encode(), patient_id.bytes, same))).digest()
    row = await work.db.fetchrow(
        SUBMIT,
        new_job_id(work.now),
        kind.name,
        patient_id,
        request_hash,
        raw,
        msgspec.to_builtins(work.actor),
        request_id,
        work.now,
        work.actor.client_id,
        ETA,
        AWAKE * work.dependencies.settings.processes,
        await work.known(PACE, None),
    )
    return Job(row["id"], Status(row["status"]), row["eta"])


def _raw(body: msgspec.Struct) -> bytes:
    return msgspec.json.encode(body, order="deterministic")


async def waiting(db: Connection, kind: JobKind[B], patient_id: UUID) -> Sequence[B]:
    """The bodies of a patient's jobs of one kind that are not performed yet, the oldest first."""
    rows = await db.fetch(
        "select payload from jobs where status = 'pending' and patient_id = $1 and kind = $2 order by number",
        patient_id,
        kind.name,
    )
    return [msgspec.json.decode(row["payload"], type=kind.body) for row in rows]


def new_job_id(now: datetime) -> str:
    """24 hexadecimal digits, as published: four bytes of time, eight of chance."""
    return f"{int(now.timestamp()):08x}{os.urandom(8).hex()}"


async def find(db: Connection, job_id: str, client_id: UUID | None) -> Job | None:
    """A job of this client, or None."""
    row = await db.fetchrow(
        "select id, status, eta, status_code, links, response, error from jobs"
        " where id = $1 and actor ->> 'client_id' = $2",
        job_id,
        str(client_id),
    )
    if row is None:
        return None
    links = [Link(**link) for link in row["links"] or ()]
    return Job(row["id"], Status(row["status"]), row["eta"], row["status_code"], links, row["response"], row["error"])


class Worker:
    """Performs jobs until it is told to stop, several beside each other; any number of workers may run.

    The changes of one patient are applied one after another all the same: `job_turns.CLAIM` sees to it.
    """

    name = "jobs"

    def __init__(
        self, database: Database, job_handlers: Mapping[str, JobHandler], *, dependencies: Dependencies, clock: Clock
    ) -> None:
        self.database, self.job_handlers, self.clock = database, job_handlers, clock
        self.dependencies = remembering(dependencies, database)
        self._stopping, self._bell = asyncio.Event(), Bell()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`; a job that is submitted is begun at once."""
        wake = notified(self.database, "jobs")
        await poll_several(
            self.name,
            self.perform_one,
            bell=self._bell,
            at_once=AT_ONCE,
            idle=IDLE_SECONDS,
            stopping=self._stopping,
            wake=wake,
        )

    async def perform_one(self) -> bool:
        """Claim and perform one job, after asking whoever must be asked; return False when there is none."""
        return await asking(lambda: repeating(self._claim_and_perform))

    async def _claim_and_perform(self) -> bool:
        started = time.perf_counter()
        async with self.database.act() as db:
            now = self.clock.now()
            row = await db.fetchrow(CLAIM, now, now + NEVER_LATER)
            if row is None:
                return False
            if row["are_more"]:
                self._bell.set()
            status = await self._perform(db, row)
        JOBS.labels(row["kind"], status).observe(time.perf_counter() - started)
        logs.info("job", job_id=row["id"], kind=row["kind"], status=status, request_id=row["request_id"])
        return True

    async def _perform(self, db: Connection, row: Mapping[str, Any]) -> Status:
        actor = msgspec.convert(row["actor"], Actor)
        # Judged by when it arrived: what was sent in time is not refused because a worker comes later.
        arrived, now = row["inserted_at"], self.clock.now()
        work = Work(actor, arrived, db, self.dependencies, late=max(now - arrived, timedelta(0)))
        try:
            async with db.transaction():
                done = await self.job_handlers[row["kind"]](work, row["payload"])
                # Before the audit line, which ends a group of writes: all of it is one statement.
                status = await _finish(db, row["number"], work.performed_at, Status.PROCESSED, done)
                await self._audit(work, row, work.recorded, "done")
                return status
        except (*LOST, *IN_THE_WAY):
            raise
        except (Unavailable, OSError, TimeoutError, asyncpg.InsufficientResourcesError) as fault:
            return await self._put_off(db, row, work.performed_at, fault)
        except Problem as problem:
            if problem.status >= 500:
                return await self._set_aside(db, row, work.performed_at, problem)
            await self._audit(work, row, [_refusal(row, problem)], problem.type)
            return await _finish(db, row["number"], work.performed_at, Status.FAILED, problem)
        except REFUSED as fault:
            refused = refusal_of(fault)
            await self._audit(work, row, [_refusal(row, refused)], refused.type)
            return await _finish(db, row["number"], work.performed_at, Status.FAILED, refused)
        except NeedsExternal:
            raise
        except Exception as fault:  # noqa: BLE001 one bad job must not stop the others
            return await self._set_aside(db, row, work.performed_at, fault)

    async def _put_off(self, db: Connection, row: Mapping[str, Any], now: datetime, fault: Exception) -> Status:
        """What it needs is away: it waits longer each time, however long that lasts, for it was acknowledged."""
        pause = min(FIRST_WAIT * 2 ** min(row["put_off"], 10), LONGEST_WAIT)
        logs.alarm("a job waits, what it needs is away", fault, job_id=row["id"], seconds=pause.total_seconds())
        await db.execute(
            "update jobs set put_off = put_off + 1, due_at = $2 where number = $1", row["number"], now + pause
        )
        return Status.PENDING

    async def _set_aside(self, db: Connection, row: Mapping[str, Any], now: datetime, fault: Exception) -> Status:
        """A fault of our own: tried again over minutes, then left to an operator."""
        attempts, is_last = row["attempts"], row["attempts"] >= len(PAUSES)
        logs.alarm("job failed", fault, job_id=row["id"], attempt=attempts + 1, set_aside=is_last)
        if is_last:
            return await _finish(db, row["number"], now, Status.FAILED_WITH_ERROR, Problem())
        await db.execute(
            "update jobs set attempts = attempts + 1, due_at = $2 where number = $1",
            row["number"],
            now + PAUSES[attempts],
        )
        return Status.PENDING

    async def _audit(self, work: Work, row: Mapping[str, Any], lines: Sequence[AuditEntry], outcome: str) -> None:
        if not lines:
            raise RuntimeError(f"Job {row['kind']} left no line in the audit log")
        about = audit.AuditContext(work.performed_at, row["request_id"], row["kind"], work.actor)
        await audit.write(work.db, about, lines, outcome=outcome)


def _refusal(row: Mapping[str, Any], problem: Problem) -> AuditEntry:
    return AuditEntry(f"{row['kind']}.refused", row["id"], row["patient_id"], facts_of(problem))


async def _finish(db: Connection, number: int, now: datetime, status: Status, result: Done | Problem) -> Status:
    values: tuple[object, ...]
    if isinstance(result, Problem):
        values = (result.status, None, None, envelope.error(result))
    else:
        values = (result.status_code, msgspec.to_builtins(result.links), result.response, None)
    # What nobody performs again is not kept for the week in which its outcome can be asked.
    await write_later(
        db,
        "update jobs set status = $2, finished_at = $3, status_code = $4, links = $5, response = $6, error = $7,"
        " payload = case $2 when 'failed_with_error' then payload else '' end,"
        " took_ms = least(1000 * extract(epoch from clock_timestamp() - transaction_timestamp()), 1e9)::int"
        " where number = $1",
        number,
        status,
        now,
        *values,
    )
    return status


async def clean_up(db: Connection, now: datetime) -> int:
    """Delete jobs finished more than seven days ago, those set aside later; return how many."""
    result: str = await db.execute(
        "delete from jobs where status <> 'pending'"
        " and finished_at < case status when $2 then $3::timestamptz else $1 end",
        now - KEEP,
        Status.FAILED_WITH_ERROR.value,
        now - KEEP_SET_ASIDE,
    )
    return int(result.rsplit(" ", 1)[-1])
