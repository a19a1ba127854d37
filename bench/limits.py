"""`python -m bench.limits`: what counting one call costs: alone, with leases of a common count, and without leases."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import uvloop

from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.limits import Limiter, take
from esoz.kernel.serve import migrate
from esoz.processes import MIGRATIONS

from .machine import Cores, facts, run_on
from .place import Place, place

LIMIT, PROCESSES = 9000, 4  # the default limit of a minute
BEARERS = 2  # each calls as often as the limit lets it
ROUNDS = 3  # the fastest counts: a neighbour of the machine only slows down


def main() -> int:
    """Measure and print; nothing stays behind."""
    cores = Cores.of_this_machine()
    for name, value in facts(cores).items():
        print(f"{name:12} {value}")
    with place(cores) as here, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure(here))
    return 0


async def _measure(here: Place) -> None:
    url = here.server.url("bench_limits")
    await migrate(url, MIGRATIONS["central"])
    run_on(here.cores.app)
    database = Database(url, size=1)
    await database.open()
    # The middle of a minute that no process counts in, so that no round falls on the change of it.
    minute = SystemClock().now().replace(second=30) + timedelta(days=1)

    async def alone(number: int) -> None:
        await _calls(Limiter(LIMIT, {}), minute)

    async def leases(number: int) -> None:
        await _calls(Limiter(LIMIT, {}, processes=PROCESSES, database=database), minute + timedelta(minutes=number))

    async def each(number: int) -> None:
        at = int(minute.timestamp()) // 60 + number
        for bearer in range(BEARERS):
            for _ in range(LIMIT):
                async with database.connection() as db:
                    await take(db, bytes([bearer]) * 16, at, 1)

    for name, act in (("one process", alone), (f"{PROCESSES}, leases", leases), (f"{PROCESSES}, no leases", each)):
        print(f"{name:14} {await _fastest(act) / (BEARERS * LIMIT) * 1e6:7.1f} µs a call")
    await database.close()


async def _fastest(act: Callable[[int], Awaitable[None]]) -> float:
    """Seconds of the fastest round; each has a minute of its own."""
    found = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        await act(number)
        found.append(time.perf_counter() - started)
    return min(found)


async def _calls(limiter: Limiter, minute: datetime) -> None:
    for bearer in range(BEARERS):
        for _ in range(LIMIT):
            await limiter.admit("bench", f"Bearer {bearer}", minute)


if __name__ == "__main__":
    raise SystemExit(main())
