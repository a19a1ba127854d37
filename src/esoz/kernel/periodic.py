"""A small work that a process does again and again beside its requests."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import asyncpg

from . import logs
from .errors import Problem

PASSING = (Problem, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)  # the next turn may succeed


class Periodic:
    """One work and its interval; a fault that may pass is logged, and the work is tried at the next turn."""

    def __init__(
        self,
        name: str,
        every: timedelta,
        act: Callable[[], Awaitable[None]],
        *,
        passing: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name, self.every, self.act = name, every, act
        self._passing = (*PASSING, *passing)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.act()
            except self._passing as fault:
                logs.exception(f"{self.name} is tried again later", fault)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self.every.total_seconds())
