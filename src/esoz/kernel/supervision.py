"""Keeps the work beside requests going: a task that ends is an alarm, is told by the health, and is started again."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from . import logs
from .loops import first_of
from .metrics import TASK_DOWN, TASK_STARTS

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
STEADY_SECONDS = 30.0  # a task that has run for so long since it ended is well again


class Stoppable(Protocol):
    """A background task that can be told to end; until then `run` goes on, and may be called again after a fault."""

    @property
    def name(self) -> str: ...

    async def run(self) -> None: ...

    def stop(self) -> None: ...


@runtime_checkable
class Compound(Protocol):
    """A background task that knows more than itself: works in it, or tasks elsewhere that it hears of."""

    @property
    def failing(self) -> Sequence[str]: ...


class Supervisor:
    """The background tasks of a process.

    `failing`: those that ended by themselves and are not well again yet, and what tasks tell of the works in them.
    """

    def __init__(self) -> None:
        self._failing: set[str] = set()
        self._compounds: Sequence[Compound] = ()
        self._stopping = asyncio.Event()

    @property
    def failing(self) -> Sequence[str]:
        return sorted(self._failing.union(*(each.failing for each in self._compounds)))

    @asynccontextmanager
    async def running(self, works: Sequence[Stoppable]) -> AsyncIterator[None]:
        """Run all of them meanwhile; at the end each is told to stop and finishes what it has begun."""
        self._stopping.clear()
        self._compounds = [work for work in works if isinstance(work, Compound)]
        keepers = [asyncio.create_task(self._keep(work)) for work in works]
        try:
            yield
        finally:
            self._stopping.set()
            for work in works:
                work.stop()
            await asyncio.gather(*keepers)

    async def _keep(self, work: Stoppable) -> None:
        """Run it again and again, with a pause that grows while it ends soon after its start."""
        pause = 0.0
        while not self._stopping.is_set():
            TASK_STARTS.labels(work.name).inc()
            began = time.monotonic()
            fault = await self._run(work)
            if self._stopping.is_set() and fault is None:
                return
            was_steady = time.monotonic() - began >= STEADY_SECONDS
            pause = FIRST_PAUSE_SECONDS if was_steady or not pause else min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._note(work.name, is_failing=True)
            logs.alarm("a background task ended", fault, task=work.name, starts_again_in_seconds=pause)
            await first_of(self._stopping, seconds=pause)

    async def _run(self, work: Stoppable) -> BaseException | None:
        """Run it once; return what ended it. Called well again when it lasts."""
        well = asyncio.get_running_loop().call_later(STEADY_SECONDS, self._note, work.name)
        try:
            await work.run()
        except asyncio.CancelledError as fault:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # the process ends; otherwise the task itself has let a cancellation through
            return fault
        except Exception as fault:  # noqa: BLE001 whatever it was, it must not stay away in silence
            return fault
        finally:
            well.cancel()
        return None

    def _note(self, name: str, *, is_failing: bool = False) -> None:
        TASK_DOWN.labels(name).set(is_failing)
        (self._failing.add if is_failing else self._failing.discard)(name)
