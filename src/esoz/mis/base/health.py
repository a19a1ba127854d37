"""How the components of the workplace are, and the last look at them, in memory; how to look is in `help/status`."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Component(StrEnum):
    MIS = "mis"
    DATABASE = "database"
    TASKS = "tasks"  # what this process does beside its pages
    EXCHANGE = "exchange"  # documents on their way to central
    CENTRAL = "central"
    TRUST = "trust"  # trust providers, asked about certificates


class State(StrEnum):
    """DEGRADED: works, but documents wait. UNKNOWN: nothing was asked yet, or nothing is to be asked."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


TROUBLE = frozenset({State.DEGRADED, State.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One look: when, how each component is, how many documents wait because central does not answer."""

    at: datetime
    states: Mapping[Component, State]
    waiting: int
    trust_at: datetime | None = None  # when a trust provider was asked last

    @property
    def indicator(self) -> str:
        """The whole in one word, as public status pages have it: none, minor, major.

        Work goes on while a trust provider is away: signatures are taken and proven later.
        """
        if any(state is State.UNREACHABLE and part is not Component.TRUST for part, state in self.states.items()):
            return "major"
        return "minor" if TROUBLE & set(self.states.values()) else "none"


FRESH = timedelta(seconds=15)  # seldom enough that the public page cannot be used to burden central


class Watch:
    """Remembers the last look of this process. `turn`: one look at a time."""

    def __init__(self) -> None:
        self.last: HealthCheck | None = None
        self.turn = asyncio.Lock()

    def fresh(self, now: datetime) -> HealthCheck | None:
        """The last look if it is not old."""
        return self.last if self.last is not None and now - self.last.at < FRESH else None
