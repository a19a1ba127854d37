"""What a list of documents is asked for by its address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of

from .model import State, Wanted

BAD_DAY = _("Введіть справжню дату.")
LONGEST = 200  # of what is looked for
UNPAID = "unpaid"  # records that a payment depends on
FILTERS = {
    "": frozenset(State) - {State.DISCARDED},
    "waiting": frozenset({State.DRAFT, State.READY, State.QUEUED, State.SENDING, State.SENT}),
    UNPAID: frozenset(State) - {State.ACCEPTED, State.DISCARDED},
    **{str(state): frozenset({state}) for state in (State.DRAFT, State.READY, State.REFUSED, State.ACCEPTED)},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they were typed, what they mean, and what is wrong by field."""

    values: Mapping[str, str]
    wanted: Wanted
    errors: Mapping[str, str]


def read(query: Mapping[str, str], reasons: Mapping[str, Collection[str]]) -> Asked:
    """`reasons`: why central refused, in the words of the page and in its own.

    An unknown state asks for all; a day that is none narrows nothing, and is told beside its field."""
    values = {name: query.get(name, "").strip()[:LONGEST] for name in ("name", "state", "title", "reason")}
    values |= {name: query.get(name, "").strip()[:LONGEST] for name in ("from", "to")}
    days = {name: day_of(values[name]) for name in ("from", "to") if values[name]}
    errors = {name: BAD_DAY for name, day in days.items() if day is None}
    states = FILTERS.get(values["state"], FILTERS[""])
    since, until = days.get("from"), days.get("to")
    wanted = Wanted(
        sorted(str(state) for state in states),
        values["name"],
        unpaid=values["state"] == UNPAID,
        title=values["title"],
        reasons=reasons.get(values["reason"], ()) if values["reason"] else None,
        since=_begins(since) if since else None,
        until=_begins(until + timedelta(days=1)) if until and until < date.max else None,
    )
    return Asked(values, wanted, errors)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), KYIV)
