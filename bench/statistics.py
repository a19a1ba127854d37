"""Windows of measurement and what is said of them: rates, percentiles, CPU per request, the ratio to raw SQL."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Reading: TypeAlias = tuple[float, float, float]  # seconds: the moment, CPU of the application, CPU of the database


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of a measurement: seconds of the wall, seconds of CPU, the latency of each request in seconds."""

    seconds: float
    app_cpu: float
    database_cpu: float
    latencies: Sequence[float]

    @classmethod
    def between(cls, before: Reading, after: Reading, latencies: Sequence[float]) -> "Window":
        """The window between two readings of the clocks."""
        return cls(after[0] - before[0], after[1] - before[1], after[2] - before[2], latencies)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept of the windows of one measurement."""

    requests: int
    rate: float  # per second
    p50: float  # seconds
    p99: float  # seconds
    app_cpu: float  # seconds of CPU per request
    database_cpu: float  # seconds of CPU per request


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed; raise ValueError for none."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def figures(windows: Sequence[Window]) -> Figures:
    """Rate and latency of the best window, the least CPU per request; raise ValueError when nothing was measured.

    Neighbours on the same machine can only make a window worse, so the best one tells most about the program.
    """
    full = [window for window in windows if window.latencies]
    if not full:
        raise ValueError("nothing was measured")
    best = max(full, key=lambda window: window.rate)
    return Figures(
        requests=sum(len(window.latencies) for window in full),
        rate=best.rate,
        p50=percentile(best.latencies, 0.50),
        p99=percentile(best.latencies, 0.99),
        app_cpu=min(window.app_cpu / len(window.latencies) for window in full),
        database_cpu=min(window.database_cpu / len(window.latencies) for window in full),
    )


def one_after_another(parts: Sequence[Figures]) -> Figures:
    """Figures of an act of several requests on the same core: times and CPU add up, so do their percentiles' bounds."""
    return Figures(
        requests=min(part.requests for part in parts),
        rate=1 / sum(1 / part.rate for part in parts),
        p50=sum(part.p50 for part in parts),
        p99=sum(part.p99 for part in parts),
        app_cpu=sum(part.app_cpu for part in parts),
        database_cpu=sum(part.database_cpu for part in parts),
    )


def ratio(ours: float, raw: float) -> float:
    """How much of raw SQL's speed is left, 1 = all of it; raise ValueError when raw SQL did nothing."""
    if raw <= 0:
        raise ValueError("raw SQL has no rate")
    return ours / raw
