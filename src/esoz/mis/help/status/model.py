"""Components of the workplace, how they are, and the incidents that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from esoz.mis.base.banners import Severity
from esoz.mis.base.health import Component, HealthCheck, State

HISTORY = timedelta(days=30)
SHORTEST_OUTAGE = timedelta(minutes=1)  # a single unanswered question is no incident


@dataclass(frozen=True, slots=True)
class Change:
    """A component came into a state."""

    component: Component
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that people noticed: an outage of a component, or what was told in a banner (`text`)."""

    id: str
    began_at: datetime
    ended_at: datetime | None
    severity: Severity
    text: str = ""
    component: Component | None = None


def outages(changes: Iterable[Change], now: datetime) -> list[Incident]:
    """Times when a component did not answer, the newest first; changes are given oldest first."""
    begun: dict[Component, datetime] = {}
    found: list[Incident] = []
    for change in changes:
        if change.state is State.UNREACHABLE:
            begun.setdefault(change.component, change.at)
        elif change.component in begun:
            found.append(_outage(change.component, begun.pop(change.component), change.at))
    found += [_outage(component, at, None) for component, at in begun.items()]
    long = [each for each in found if (each.ended_at or now) - each.began_at >= SHORTEST_OUTAGE]
    return sorted(long, key=lambda each: each.began_at, reverse=True)


def _outage(component: Component, began_at: datetime, ended_at: datetime | None) -> Incident:
    return Incident(f"{component}-{began_at:%Y%m%d%H%M%S}", began_at, ended_at, "danger", component=component)


def changed(before: Mapping[Component, State], seen: HealthCheck) -> Sequence[Change]:
    """What is otherwise than it was noted last; an unknown state is no news."""
    return [
        Change(component, state, seen.at)
        for component, state in seen.states.items()
        if state is not State.UNKNOWN and before.get(component) is not state
    ]
