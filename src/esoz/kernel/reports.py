"""How the tasks of a worker go, told where it is asked: a worker has no address, so it writes, and a server reads.

Both use the clock of the database. A worker that is not heard of for a minute counts as down; so does the work of all
when nobody reports, to a server that has listened for that long itself: both are started together.
"""

import os
import socket
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from .db import Connection, Database
from .metrics import TASK_DOWN
from .periodic import Periodic
from .supervision import Supervisor

EVERY = timedelta(seconds=10)
SILENT = timedelta(minutes=1)
KEPT = timedelta(minutes=10)  # one that stays away while others speak was ended on purpose, or came back as another
NOBODY_REPORTS = "worker"


def process_name() -> str:
    """One worker among several, on several machines."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def report(db: Connection, process: str, tasks: Sequence[str], failing: Sequence[str]) -> None:
    """Write down how the tasks of a process go."""
    await db.execute(
        "insert into worker_reports (process, tasks, failing, reported_at) values ($1, $2, $3, clock_timestamp())"
        " on conflict (process) do update set tasks = $2, failing = $3, reported_at = clock_timestamp()",
        process,
        list(tasks),
        list(failing),
    )
    await db.execute("delete from worker_reports where reported_at < clock_timestamp() - $1::interval", KEPT)


async def leave(db: Connection, process: str) -> None:
    """A process that ends in order is missed by nobody."""
    await db.execute("delete from worker_reports where process = $1", process)


async def heard(db: Connection) -> tuple[set[str], set[str]]:
    """All tasks that workers have, and those that are down somewhere; nobody's report is a task that is down."""
    rows = await db.fetch(
        "select process, tasks, failing, reported_at < clock_timestamp() - $1::interval as is_silent"
        " from worker_reports where reported_at > clock_timestamp() - $2::interval",
        SILENT,
        KEPT,
    )
    speaking = [row for row in rows if not row["is_silent"]]
    silent = {f"worker {row['process']}" for row in rows if row["is_silent"]}
    down = {name for row in speaking for name in row["failing"]} | silent
    known = {name for row in rows for name in row["tasks"]} | down
    return known, down if speaking else down | {NOBODY_REPORTS}


class Reporter:
    """The background task of a worker that tells of all others."""

    name = "reports"

    def __init__(self, database: Database, tasks: Sequence[str], supervisor: Supervisor) -> None:
        self._database, self._tasks, self._supervisor = database, [*tasks, self.name], supervisor
        self._process = process_name()
        self._periodic = Periodic(self.name, EVERY, self._tell)

    def stop(self) -> None:
        self._periodic.stop()

    async def run(self) -> None:
        await self._periodic.run()
        async with self._database.connection() as db:
            await leave(db, self._process)

    async def _tell(self) -> None:
        async with self._database.transaction() as db:
            await report(db, self._process, self._tasks, self._supervisor.failing)


class Listener:
    """The background task of a server that hears what workers tell; `failing`: as last heard."""

    name = "reports of workers"

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database, self._monotonic, self._since = database, monotonic, monotonic()
        self._known: set[str] = set()
        self.failing: Sequence[str] = ()
        self._periodic = Periodic(self.name, EVERY, self.listen)

    def stop(self) -> None:
        self._periodic.stop()

    async def run(self) -> None:
        await self._periodic.run()

    async def listen(self) -> None:
        """Hear once; the numbers for the monitoring follow."""
        async with self._database.connection() as db:
            known, down = await heard(db)
        if self._monotonic() - self._since < SILENT.total_seconds():
            known, down = known - {NOBODY_REPORTS}, down - {NOBODY_REPORTS}
        for name in self._known | known | down:
            TASK_DOWN.labels(name).set(name in down)
        self._known, self.failing = known | down, sorted(down)
