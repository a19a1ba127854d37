"""An open model of load: acts begin when they are due, whatever became of those before; what waits counts as latency.

In a closed one each caller asks again once answered: less is asked while the system stands still, and that hides it.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .client import Answer, Line, connect
from .statistics import percentile

Ask: TypeAlias = Callable[[bytes], Awaitable[Answer]]
Act: TypeAlias = Callable[[Ask], Awaitable[str]]  # what was wrong, or nothing
BARS = 40
BUCKETS_IN_DOUBLE = 2


@dataclass(slots=True)
class Outcome:
    """What became of the acts of one kind."""

    latencies: list[float] = field(default_factory=list)  # seconds, of those that went well
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return len(self.latencies) + self.errors.total()

    def at(self, share: float) -> float:
        """A percentile, seconds; infinite when nothing went well."""
        return percentile(self.latencies, share) if self.latencies else math.inf


class Lines:
    """Connections of the callers: as many as are needed at once, and kept as long as the server keeps them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[Line] = []

    async def ask(self, request: bytes) -> Answer:
        """Raises ConnectionError, OSError."""
        line = self._free.pop() if self._free else await connect(self._port)
        while not line.is_open:
            line = self._free.pop() if self._free else await connect(self._port)
        answer = await line.ask(request)
        self._free.append(line)
        return answer

    def close(self) -> None:
        for line in self._free:
            line.close()


def moments(rate: float, seconds: float, source: random.Random) -> Iterator[float]:
    """When acts are due: independent of each other, so many a second in the mean (a Poisson process)."""
    due = source.expovariate(rate)
    while due < seconds:
        yield due
        due += source.expovariate(rate)


async def run(acts: Sequence[tuple[float, str, Act]], ask: Ask) -> Mapping[str, Outcome]:
    """Perform acts, each at its moment (seconds from now), and see what became of them, by kind."""
    found: dict[str, Outcome] = {}
    under_way, began = set[asyncio.Task[None]](), time.perf_counter()
    for due, kind, act in acts:
        await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
        outcome = found.setdefault(kind, Outcome())
        task = asyncio.create_task(_perform(act, ask, began + due, outcome))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    return found


async def _perform(act: Act, ask: Ask, due: float, outcome: Outcome) -> None:
    try:
        wrong = await act(ask)
    except OSError as fault:
        wrong = type(fault).__name__
    if wrong:
        outcome.errors[wrong] += 1
    else:
        outcome.latencies.append(time.perf_counter() - due)


def histogram(latencies: Sequence[float]) -> list[str]:
    """Bars over classes of latency, two for each doubling; a line is `from ms | bar | how many`."""
    classes = Counter(math.floor(BUCKETS_IN_DOUBLE * math.log2(max(each * 1e3, 0.5))) for each in latencies)
    if not classes:
        return []
    most = max(classes.values())
    return [
        f"{2 ** (number / BUCKETS_IN_DOUBLE):9.1f} ms  {'█' * math.ceil(BARS * classes[number] / most):{BARS}}"
        f"  {classes[number]}"
        for number in range(min(classes), max(classes) + 1)
    ]
