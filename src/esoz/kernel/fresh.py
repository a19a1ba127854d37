"""Facts that are asked at every request and change rarely, remembered for less than a second.

Two things bound how old a fact may be. Whoever commits a change has heard of it before the commit returns, and so do
other processes within the time of a notice (`Database.on_change`). When a notice is lost, a fact is still asked anew
`SECONDS` after the question that brought it was sent. So a block holds everywhere within a second.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from .together import Together

K = TypeVar("K")
V = TypeVar("V")

SECONDS = 0.8
MOST = 20_000  # facts remembered; they are all forgotten when there are more


class Fresh(Generic[K, V]):
    """Facts by key. `ask` finds those of some keys in one statement; a key that it leaves out has none."""

    def __init__(
        self,
        ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        *,
        seconds: float = SECONDS,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._seconds, self._ticks = ask, seconds, ticks
        self._kept: dict[K, tuple[float, V]] = {}
        self._used: set[K] = set()  # since they were last asked: those that will be asked again
        self._forgotten = 0  # how often; what was asked before is not kept after
        self._together: Together[K, V | None] = Together(self._look_up)

    async def get(self, key: K) -> V | None:
        """The fact of a key, at most `seconds` old, or None. Raises what asking raises."""
        kept = self._kept.get(key)
        if kept is not None and self._ticks() - kept[0] < self._seconds:
            self._used.add(key)
            return kept[1]
        return await self._together.ask(key)

    def forget(self) -> None:
        """Remember nothing of what was asked until now."""
        self._forgotten += 1
        self._kept.clear()

    async def _look_up(self, keys: Sequence[K]) -> Sequence[V | None]:
        """Ask for these, and in the same statement for all that were used lately: they would come one by one."""
        wanted = list(dict.fromkeys([*keys, *self._used]))
        self._used.clear()
        at, forgotten = self._ticks(), self._forgotten
        found = await self._ask(wanted)
        if forgotten == self._forgotten:
            if len(self._kept) + len(wanted) > MOST:
                self._kept.clear()
            # Only what there is: what is made a moment later by somebody else is found at once.
            self._kept.update((key, (at, fact)) for key, fact in found.items())
        return [found.get(key) for key in keys]
