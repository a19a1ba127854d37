"""The one loop of everything that runs beside requests: claim work, wait, stop in order, outlive a lost database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
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


class Bell(asyncio.Event):
    """Calls those who rest, one at each call; a call that nobody rests to hear keeps the next one from resting."""

    def __init__(self) -> None:
        super().__init__()
        self.calls, self._resting = 0, list[asyncio.Event]()

    def set(self) -> None:
        self.calls += 1
        if self._resting:
            self._resting.pop().set()

    async def rest(self, woken: asyncio.Event, heard: int, stopping: asyncio.Event, *, seconds: float) -> None:
        """Wait to be called; not at all when there was a call after the first `heard`."""
        if self.calls != heard:
            return
        self._resting.append(woken)
        try:
            await first_of(stopping, woken, seconds=seconds)
        finally:
            if woken in self._resting:
                self._resting.remove(woken)


async def poll(
    name: str,
    claim: Callable[[], Awaitable[object]],
    *,
    idle: float,
    stopping: asyncio.Event,
    wake: Wake = _never,
    passing: tuple[type[Exception], ...] = (),
    bell: Bell | None = None,
) -> None:
    """Call `claim` until `stopping` is set; what it has begun it finishes.

    After work (a true answer) it is called again at once, else after `idle` seconds, or earlier when `wake` says so.
    Each time that the database is not to be had the pause grows. `passing`: faults of others, who may be back at the
    next turn. Any other fault ends the loop, and its supervisor starts it again.
    """
    woken, bell, pause = asyncio.Event(), bell or Bell(), 0.0
    while not stopping.is_set():
        try:
            async with wake(woken):
                while not stopping.is_set():
                    woken.clear()  # before the claim: what comes during it is not missed
                    heard = bell.calls
                    found = await claim()
                    if pause:
                        logs.info(f"{name}: the database is back")
                        pause = 0.0
                    if not found:
                        await bell.rest(woken, heard, stopping, seconds=idle)
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
    bell: Bell,
    at_once: int,
    idle: float,
    stopping: asyncio.Event,
    wake: Wake = _never,
) -> None:
    """As `poll`, by several who claim beside each other. What wakes calls one of them by the bell; one who has found
    something and sees that there is more calls the next. A fault of one ends all.
    """

    @asynccontextmanager
    async def calling(_: asyncio.Event) -> AsyncIterator[None]:
        async with wake(bell):
            yield

    async with asyncio.TaskGroup() as group:
        for number in range(at_once):
            ear = calling if number == 0 else _never
            group.create_task(poll(name, claim, idle=idle, stopping=stopping, wake=ear, bell=bell))


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
