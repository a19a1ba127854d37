"""Asynchronous work: a job is claimed, performed and finished in one transaction, so it happens exactly once."""

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
from .clock import Clock
from .db import Connection, Database
from .errors import AlreadyExists, Problem
from .loops import notified, poll
from .metrics import JOBS
from .transaction import asking
from .work import Actor, AuditEntry, Dependencies, NeedsExternal, Work, remembering

ETA = timedelta(seconds=60)  # JB-4: a constant in the real system too
KEEP = timedelta(days=7)  # JB-4
MOST_ATTEMPTS = 5  # a job that fails by our own fault so often is set aside with its error
IDLE_SECONDS = 1.0


class Status(StrEnum):
    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"
    FAILED_WITH_ERROR = "failed_with_error"


MOVES = {
    Status.PENDING: frozenset({Status.PROCESSED, Status.FAILED, Status.FAILED_WITH_ERROR}),
    Status.PROCESSED: frozenset[Status](),
    Status.FAILED: frozenset[Status](),
    Status.FAILED_WITH_ERROR: frozenset[Status](),
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


async def submit(work: Work, kind: JobKind[B], patient_id: UUID, body: B, *, request_id: str = "") -> Job:
    """Store a job in the caller's transaction; an identical pending one is answered instead of a second (JB-2)."""
    raw = msgspec.json.encode(msgspec.structs.asdict(body), order="deterministic")
    request_hash = hashlib.sha256(b"\0".join((kind.name.encode(), patient_id.bytes, raw))).digest()
    row = await work.db.fetchrow(
        """
        insert into jobs (id, kind, patient_id, request_hash, payload, actor, request_id, status, eta, inserted_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9)
        on conflict (request_hash) where status = 'pending' do update set eta = jobs.eta
        returning id, status, eta
        """,
        new_job_id(work.now),
        kind.name,
        patient_id,
        request_hash,
        raw,
        msgspec.to_builtins(work.actor),
        request_id,
        work.now + ETA,
        work.now,
    )
    await work.db.execute("select pg_notify('jobs', '')")
    return Job(row["id"], Status(row["status"]), row["eta"])


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


# The oldest pending job whose patient has no older pending one: a patient's changes are applied one after another.
_CLAIM = """
select number, id, kind, patient_id, payload, actor, request_id, attempts, inserted_at from jobs candidate
where status = 'pending' and not exists (
    select from jobs older where older.patient_id = candidate.patient_id
    and older.status = 'pending' and older.number < candidate.number
)
order by number for update skip locked limit 1
"""


class Worker:
    """Performs jobs until it is told to stop; any number of workers may run."""

    def __init__(
        self, database: Database, job_handlers: Mapping[str, JobHandler], *, dependencies: Dependencies, clock: Clock
    ) -> None:
        self.database, self.job_handlers, self.clock = database, job_handlers, clock
        self.dependencies = remembering(dependencies, database)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`; a job that is submitted is begun at once."""
        wake = notified(self.database, "jobs")
        await poll("jobs", self.perform_one, idle=IDLE_SECONDS, stopping=self._stopping, wake=wake)

    async def perform_one(self) -> bool:
        """Claim and perform one job, after asking whoever must be asked; return False when there is none."""
        return await asking(self._claim_and_perform)

    async def _claim_and_perform(self) -> bool:
        started = time.perf_counter()
        async with self.database.transaction() as db:
            row = await db.fetchrow(_CLAIM)
            if row is None:
                return False
            status = await self._perform(db, row)
        JOBS.labels(row["kind"], status).observe(time.perf_counter() - started)
        logs.info("job", job_id=row["id"], kind=row["kind"], status=status, request_id=row["request_id"])
        return True

    async def _perform(self, db: Connection, row: Mapping[str, Any]) -> Status:
        actor = msgspec.convert(row["actor"], Actor)
        work = Work(actor, self.clock.now(), db, self.dependencies)
        try:
            async with db.transaction():
                done = await self.job_handlers[row["kind"]](work, row["payload"])
                await self._audit(work, row, work.recorded, "done")
            return await _finish(db, row["number"], work.now, Status.PROCESSED, done)
        except Problem as problem:
            await self._audit(work, row, [_refusal(row, problem)], problem.type)
            status = Status.FAILED if problem.status < 500 else Status.FAILED_WITH_ERROR
            return await _finish(db, row["number"], work.now, status, problem)
        except asyncpg.UniqueViolationError:
            conflict = AlreadyExists()
            await self._audit(work, row, [_refusal(row, conflict)], conflict.type)
            return await _finish(db, row["number"], work.now, Status.FAILED, conflict)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, NeedsExternal):
            raise
        except Exception as fault:  # noqa: BLE001 one bad job must not stop the others
            logs.exception("job failed", fault, job_id=row["id"])
            return await self._set_aside(db, row, work.now)

    async def _set_aside(self, db: Connection, row: Mapping[str, Any], now: datetime) -> Status:
        if row["attempts"] + 1 >= MOST_ATTEMPTS:
            return await _finish(db, row["number"], now, Status.FAILED_WITH_ERROR, Problem())
        await db.execute("update jobs set attempts = attempts + 1 where number = $1", row["number"])
        return Status.PENDING

    async def _audit(self, work: Work, row: Mapping[str, Any], lines: Sequence[AuditEntry], outcome: str) -> None:
        if not lines:
            raise RuntimeError(f"Job {row['kind']} left no line in the audit log")
        about = audit.AuditContext(work.now, row["request_id"], row["kind"], work.actor)
        await audit.write(work.db, about, lines, outcome=outcome)


def _refusal(row: Mapping[str, Any], problem: Problem) -> AuditEntry:
    return AuditEntry(f"{row['kind']}.refused", row["id"], row["patient_id"], {"status": problem.status})


async def _finish(db: Connection, number: int, now: datetime, status: Status, result: Done | Problem) -> Status:
    values: tuple[object, ...]
    if isinstance(result, Problem):
        values = (result.status, None, None, envelope.error(result))
    else:
        values = (result.status_code, msgspec.to_builtins(result.links), result.response, None)
    await db.execute(
        "update jobs set status = $2, finished_at = $3, status_code = $4, links = $5, response = $6, error = $7"
        " where number = $1",
        number,
        status,
        now,
        *values,
    )
    return status


async def clean_up(db: Connection, now: datetime) -> int:
    """Delete jobs finished more than seven days ago; return how many."""
    result: str = await db.execute("delete from jobs where status <> 'pending' and finished_at < $1", now - KEEP)
    return int(result.rsplit(" ", 1)[-1])
