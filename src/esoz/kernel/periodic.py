"""A small work that a process does again and again beside its requests."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from .loops import Several, poll


class Periodic:
    """One work and its interval.

    `passing`: faults after which it is simply tried at the next turn; `several`: the works that it consists of.
    """

    def __init__(
        self,
        name: str,
        every: timedelta,
        act: Callable[[], Awaitable[None]],
        *,
        passing: tuple[type[Exception], ...] = (),
        several: Several | None = None,
    ) -> None:
        self.name, self.every, self.act = name, every, act
        self._passing, self._several = passing, several
        self._stopping = asyncio.Event()

    @property
    def failing(self) -> Sequence[str]:
        """Works in it whose last try failed."""
        return self._several.failing if self._several else ()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self.act, idle=self.every.total_seconds(), stopping=self._stopping, passing=self._passing)
