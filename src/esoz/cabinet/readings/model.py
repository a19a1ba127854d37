"""A line of the access log as a patient reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from esoz.kernel.clock import KYIV, kyiv_date

from .sentences import REFUSED, Kind, sentence

SIGN_IN = "patient.signed_in"  # an act of the holder of the key, who may be somebody else


class Event(StrEnum):
    LOG_READ = "access_log.read"
    COMPLAINT_PREPARED = "complaint.prepared"


@dataclass(frozen=True, slots=True)
class Reading:
    """Who did what with the record, and when. Without a name it was ЕСОЗ itself, or the patient (`is_own`)."""

    at: datetime
    event: str
    kind: Kind
    sentence: str
    name: str
    position: str  # a code of POSITION
    organisation: str
    is_own: bool

    @property
    def may_be_strange(self) -> bool:
        """Can the patient say that it should not have been: an act of others, or a sign-in that was not theirs."""
        return not self.is_own or self.event == SIGN_IN


@dataclass(frozen=True, slots=True)
class Days:
    """Days in Kyiv, both included; None is open."""

    first: date | None = None
    last: date | None = None

    @property
    def start(self) -> datetime | None:
        return _midnight(self.first) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The moment after the last one."""
        return _midnight(self.last + timedelta(days=1)) if self.last else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KYIV)


def reading(item: Mapping[str, Any]) -> Reading:
    """A line from central's answer."""
    user, organisation = item.get("user") or {}, item.get("legal_entity") or {}
    refused = item.get("outcome", "done") != "done"
    kind, text = REFUSED if refused else sentence(item["event"])
    return Reading(
        at=datetime.fromisoformat(item["at"]),
        event=item["event"],
        kind=kind,
        sentence=text,
        name=user.get("name") or "",
        position=user.get("position") or "",
        organisation=organisation.get("name") or "",
        is_own=bool(item.get("is_own")),
    )


def by_day(readings: Iterable[Reading]) -> list[tuple[date, list[Reading]]]:
    """Lines under their days, in the same order."""
    days: list[tuple[date, list[Reading]]] = []
    for each in readings:
        day = kyiv_date(each.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(each)
    return days
