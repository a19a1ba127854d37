"""A small work that a process does again and again beside its requests."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from .loops import poll


class Periodic:
    """One work and its interval; `passing`: faults after which it is simply tried at the next turn."""

    def __init__(
        self,
        name: str,
        every: timedelta,
        act: Callable[[], Awaitable[None]],
        *,
        passing: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name, self.every, self.act = name, every, act
        self._passing = passing
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self.act, idle=self.every.total_seconds(), stopping=self._stopping, passing=self._passing)
