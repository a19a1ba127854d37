"""The floor: the SQL that requests really issue, recorded once, then replayed by asyncpg and nothing else.

The requests are performed in this process on a copy of the database while every statement and its arguments are noted.
A replay starts from another copy of the same state, so exactly the same rows are read and written.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
import httpx
from tests.factories.world import Caller

from esoz.central.app import JOB_HANDLERS, make_api
from esoz.kernel import db
from esoz.kernel.clock import SystemClock
from esoz.kernel.jobs import Worker
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies

from .country import Request
from .machine import family_cpu_seconds
from .statistics import Reading, Window

Statement: TypeAlias = tuple[str, Sequence[object]]
Act: TypeAlias = list[Statement]

WINDOWS = 3


class Recorder(db.Database):
    """A database that notes what is asked of it, one act after another."""

    def __init__(self, url: str) -> None:
        super().__init__(url, size=1)
        self._noted: Act = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[db.Connection]:
        async with super().connection() as connection:
            with connection.query_logger(self._note):
                yield connection

    def _note(self, record: asyncpg.connection.LoggedQuery) -> None:
        self._noted.append((record.query, record.args))

    async def take(self) -> Act:
        """Statements since the last time."""
        await asyncio.sleep(0)  # the driver tells its loggers in the next turn of the loop
        noted, self._noted = self._noted, []
        return noted


@asynccontextmanager
async def recorder(url: str) -> AsyncIterator[Recorder]:
    database = Recorder(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def record_requests(
    database: Recorder, dependencies: Dependencies, doctor: Caller, requests: Sequence[Request]
) -> tuple[list[Act], list[bytes]]:
    """Perform requests one by one; the statements of each and its answer. Raises RuntimeError for a refusal."""
    api = make_api(database, dependencies, SystemClock(), Settings({}))
    acts, answers = [], []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://bench") as client:
        for request in requests:
            headers = doctor.headers | {"Content-Type": "application/json"}
            answer = await client.request(request.method, request.path, content=request.body, headers=headers)
            if not answer.is_success:
                raise RuntimeError(f"{request.method} {request.path}: {answer.text}")
            acts.append(await database.take())
            answers.append(answer.content)
    return acts, answers


async def record_jobs(database: Recorder, dependencies: Dependencies) -> list[Act]:
    """Perform all waiting jobs one by one; the statements of each."""
    worker = Worker(database, JOB_HANDLERS, dependencies=dependencies, clock=SystemClock())
    acts = []
    while await worker.perform_one():
        acts.append(await database.take())
    await database.take()
    return acts


async def replay(url: str, acts: Sequence[Act], *, connections: int, server_pid: int) -> list[Window]:
    """Issue the statements of all acts again, several acts at once, in a few windows; the first part is not timed."""
    part = len(acts) // (WINDOWS + 1)
    opened = [await _connect(url) for _ in range(connections)]
    try:
        await _run(opened, acts[:part])  # plans are made, caches filled
        gc.collect()
        return [
            await _window(opened, acts[start : start + part], server_pid)
            for start in range(part, part * (WINDOWS + 1), part)
        ]
    finally:
        for connection in opened:
            await connection.close()


async def _window(opened: Sequence[asyncpg.Connection], acts: Sequence[Act], server_pid: int) -> Window:
    before = _read(server_pid)
    latencies = await _run(opened, acts)
    return Window.between(before, _read(server_pid), latencies)


def _read(server_pid: int) -> Reading:
    return time.perf_counter(), time.process_time(), family_cpu_seconds(server_pid)


async def _connect(url: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    await db._set_up(connection)  # the same codecs, or the arguments could not be sent
    return connection


async def _run(opened: Sequence[asyncpg.Connection], acts: Sequence[Act]) -> list[float]:
    waiting = iter(acts)
    latencies: list[float] = []

    async def issue(connection: asyncpg.Connection) -> None:
        for act in waiting:
            started = time.perf_counter()
            for statement, arguments in act:
                await _issue(connection, statement, arguments)
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*(issue(connection) for connection in opened))
    return latencies


async def _issue(connection: asyncpg.Connection, statement: str, arguments: Sequence[object]) -> None:
    if isinstance(arguments, list):  # the driver notes the rows of executemany as a list
        await connection.executemany(statement, arguments)
    elif arguments or statement.lstrip()[:6].lower() == "select":
        await connection.fetch(statement, *arguments)
    else:
        await connection.execute(statement)
