"""Threads for what would keep the event loop: few at once, and a queue that is bounded by time."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .admission import Pace, come_again

MOST_WAITING = 200  # whatever the pace says: each keeps its request in memory

Result = TypeVar("Result")


class SidePool:
    """One kind of costly work. Several pools do not wait for each other."""

    def __init__(
        self,
        name: str,
        at_once: int,
        *,
        seconds: float,
        pace: float,
        few: int = 0,
        nice: int = 0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`seconds`: the longest wait; `pace`: how long one usually takes; `few`: so many may wait even
        when the machine is slow; `nice`: lets others go first on Linux.

        A low priority is for work that does not hold Python's lock: others would wait for who is not let run.
        """
        self._at_once, self._seconds, self._few, self._clock = at_once, seconds, few, clock
        self._pace, self._inside = Pace(pace), 0
        self._threads = ThreadPoolExecutor(at_once, name, initializer=_step_back, initargs=(nice,))

    async def run(self, act: Callable[[], Result]) -> Result:
        """Do it in a thread. Raises Unavailable at once when it would wait too long, and what `act` raises."""
        ahead = self._inside - self._at_once
        expected = self._pace.wait(ahead, self._at_once) if ahead >= 0 else 0.0
        if (expected > self._seconds and ahead >= self._few) or ahead >= MOST_WAITING:
            raise come_again(expected)
        self._inside += 1
        try:
            taken, result, fault = await asyncio.get_running_loop().run_in_executor(self._threads, self._timed, act)
        finally:
            self._inside -= 1
        self._pace.note(taken)
        if fault is not None:
            raise fault
        return result[0]

    def _timed(self, act: Callable[[], Result]) -> tuple[float, list[Result], Exception | None]:
        """How long it took, also when it failed: what fails may be what is costly."""
        began, result, raised = self._clock(), list[Result](), None
        try:
            result.append(act())
        except Exception as fault:  # noqa: BLE001 carried over to who waits, and raised there
            raised = fault
        return self._clock() - began, result, raised


def _step_back(nice: int) -> None:
    if nice and sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
