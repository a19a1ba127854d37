"""Load: so many callers at once, each asking again as soon as it was answered, measured in windows."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import msgspec

from .client import Line, connect
from .machine import cpu_seconds, family_cpu_seconds
from .statistics import Reading, Window

Asking: TypeAlias = Callable[[bytes], Awaitable[bytes]]
Caller: TypeAlias = Callable[[bytes], Awaitable[object]]

LOOK_SECONDS = 0.002  # how often finished jobs are looked for: the error of a pipeline's latency


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one measurement takes: warming up, then windows; all in seconds."""

    warm_up: float
    windows: int
    window: float


@dataclass(frozen=True, slots=True)
class Meter:
    """CPU time of the measured processes and of PostgreSQL."""

    app_pids: Sequence[int]
    server_pid: int

    def read(self) -> Reading:
        app = sum(cpu_seconds(pid) for pid in self.app_pids)
        return time.perf_counter(), app, family_cpu_seconds(self.server_pid)


async def load(callers: Sequence[Caller], requests: Iterable[bytes], meter: Meter, timing: Timing) -> list[Window]:
    """Let all callers work through the requests. A window that the requests do not fill is left out, but for the first.

    Raises what a caller raises.
    """
    waiting, latencies, stopped = iter(requests), list[float](), asyncio.Event()

    async def work(caller: Caller) -> None:
        for request in waiting:
            started = time.perf_counter()
            await caller(request)
            latencies.append(time.perf_counter() - started)
            if stopped.is_set():
                return

    working = asyncio.gather(*(work(caller) for caller in callers))
    windows: list[Window] = []
    try:
        await asyncio.wait({working}, timeout=timing.warm_up)
        while len(windows) < timing.windows and not working.done():
            latencies.clear()
            before = meter.read()
            await asyncio.wait({working}, timeout=timing.window)
            after = meter.read()
            if not working.done() or not windows:
                windows.append(Window.between(before, after, tuple(latencies)))
    finally:
        stopped.set()
        await working
    return windows


@asynccontextmanager
async def lines(port: int, number: int) -> AsyncIterator[list[Line]]:
    """Open connections to a server."""
    opened = [await connect(port) for _ in range(number)]
    try:
        yield opened
    finally:
        for line in opened:
            line.close()


def asking(line: Line, status: int, answers: list[bytes] | None = None) -> Asking:
    """A caller that expects this status; its answers are kept in the list when there is one."""

    async def ask(request: bytes) -> bytes:
        answer = await line.ask(request)
        if answer.status != status:
            raise RuntimeError(f"central answered {answer.status}: {answer.body.decode()[:500]}")
        if answers is not None:
            answers.append(answer.body)
        return answer.body

    return ask


class Watch:
    """Sees in the database which jobs are finished, so that looking costs the measured program nothing."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._awaited: dict[str, asyncio.Future[None]] = {}

    async def run(self) -> None:
        """Look until cancelled; a job that failed fails whoever awaits it."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._awaited:
                continue
            rows = await self._connection.fetch(
                "select id, status, error from jobs where id = any($1) and status <> 'pending'", list(self._awaited)
            )
            for row in rows:
                awaited = self._awaited.pop(row["id"])
                if row["status"] == "processed":
                    awaited.set_result(None)
                else:
                    awaited.set_exception(RuntimeError(f"a job failed: {row['error']}"))

    def submitting(self, line: Line) -> Caller:
        """A caller that is answered when the job of its request is processed."""
        ask = asking(line, 202)

        async def submit(request: bytes) -> None:
            job = _job_id(await ask(request))
            self._awaited[job] = awaited = asyncio.get_running_loop().create_future()
            await awaited

        return submit


class _Accepted(msgspec.Struct):
    links: list[dict[str, str]]


class _Envelope(msgspec.Struct):
    data: _Accepted


def _job_id(body: bytes) -> str:
    return msgspec.json.decode(body, type=_Envelope).data.links[0]["href"].rpartition("/")[2]
