"""The one loop of everything that runs beside requests: claim work, wait, stop in order, outlive a lost database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import asyncpg

from . import logs
from .db import Database
from .errors import Problem, Unavailable

# The database may be back at the next turn. The internal error is what asyncpg says of a connection that ended between
# two statements.
LOST = (Problem, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
# The same without what may be about one piece of work only.
AWAY = (
    Unavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
LONGEST_PAUSE_SECONDS = 10.0

# Sets the event when there may be work, for as long as it is entered.
Wake: TypeAlias = Callable[[asyncio.Event], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _never(_woken: asyncio.Event) -> AsyncIterator[None]:
    yield


async def poll(
    name: str,
    claim: Callable[[], Awaitable[object]],
    *,
    idle: float,
    stopping: asyncio.Event,
    wake: Wake = _never,
    passing: tuple[type[Exception], ...] = (),
) -> None:
    """Call `claim` until `stopping` is set; what it has begun it finishes.

    After work (a true answer) it is called again at once, else after `idle` seconds, or earlier when `wake` says so.
    Each time that the database is not to be had the pause grows. `passing`: faults of others, who may be back at the
    next turn. Any other fault ends the loop, and its supervisor starts it again.
    """
    woken, pause = asyncio.Event(), 0.0
    while not stopping.is_set():
        try:
            async with wake(woken):
                while not stopping.is_set():
                    woken.clear()  # before the claim: what comes during it is not missed
                    found = await claim()
                    if pause:
                        logs.info(f"{name}: the database is back")
                        pause = 0.0
                    if not found:
                        await first_of(stopping, woken, seconds=idle)
        except passing as fault:
            logs.exception(f"{name}: tried again at the next turn", fault)
            await first_of(stopping, seconds=idle)
        except LOST as fault:
            pause = min(2 * pause, max(idle, LONGEST_PAUSE_SECONDS)) or idle
            logs.exception(f"{name}: waits for the database", fault, seconds=pause)
            await first_of(stopping, seconds=pause)


async def poll_several(
    name: str,
    claim: Callable[[], Awaitable[object]],
    *,
    at_once: int,
    idle: float,
    stopping: asyncio.Event,
    wake: Wake = _never,
) -> None:
    """As `poll`, by several who claim beside each other; what wakes one wakes all. A fault of one ends all."""
    sleepers: set[asyncio.Event] = set()

    @asynccontextmanager
    async def called(woken: asyncio.Event) -> AsyncIterator[None]:
        sleepers.add(woken)
        try:
            yield
        finally:
            sleepers.discard(woken)

    @asynccontextmanager
    async def calling(woken: asyncio.Event) -> AsyncIterator[None]:
        async with called(woken), wake(_Bell(sleepers)):
            yield

    async with asyncio.TaskGroup() as group:
        for number in range(at_once):
            ear = calling if number == 0 else called
            group.create_task(poll(name, claim, idle=idle, stopping=stopping, wake=ear))


class _Bell(asyncio.Event):
    """Set, it sets all others."""

    def __init__(self, sleepers: Iterable[asyncio.Event]) -> None:
        super().__init__()
        self._sleepers = sleepers

    def set(self) -> None:
        for sleeper in self._sleepers:
            sleeper.set()


async def attempt(name: str, act: Awaitable[object], **facts: object) -> Exception | None:
    """One of several works that stand side by side: its fault is an alarm, and returned, so that the others go on.

    A lost database is everybody's, and raised.
    """
    try:
        await act
    except AWAY:
        raise
    except Exception as fault:  # noqa: BLE001 whatever it was, it concerns this one only
        logs.alarm(f"{name}: one of several failed", fault, **facts)
        return fault
    return None


class Several:
    """Works that stand side by side in one task; `failing`: those whose last try failed."""

    def __init__(self) -> None:
        self._failing: set[str] = set()

    @property
    def failing(self) -> Sequence[str]:
        return sorted(self._failing)

    async def attempt(self, name: str, act: Awaitable[object]) -> Exception | None:
        """Try one of them, as `attempt` does, and keep in mind how it went."""
        fault = await attempt(name, act)
        (self._failing.discard if fault is None else self._failing.add)(name)
        return fault


async def first_of(*events: asyncio.Event, seconds: float) -> None:
    """Wait for the first of the events, and no longer than that."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def notified(database: Database, channel: str) -> Wake:
    """Woken by `pg_notify` on a channel, heard by a connection of its own."""

    @asynccontextmanager
    async def listen(woken: asyncio.Event) -> AsyncIterator[None]:
        def hear(*_: object) -> None:
            woken.set()

        async with database.connection() as listener:
            await listener.add_listener(channel, hear)
            try:
                yield
            finally:
                await listener.remove_listener(channel, hear)

    return listen
