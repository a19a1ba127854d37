"""A line of the access log as a patient reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from esoz.kernel.clock import KYIV, kyiv_date

from .sentences import REFUSED, Kind, sentence

PAUSE = timedelta(minutes=30)  # somebody who comes back later comes anew
_WEIGHT = {Kind.REFUSED: 0, Kind.CHANGED: 1, Kind.READ: 2}
SIGN_IN = "patient.signed_in"  # an act of the holder of the key, who may be somebody else


class Event(StrEnum):
    LOG_READ = "access_log.read"
    COMPLAINT_PREPARED = "complaint.prepared"
    COMPLAINT_SENT = "complaint.sent"
    COMPLAINTS_READ = "complaints.read"


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
    role: str = ""  # of an official who is told by the office and not by the name
    reason: str = ""  # why they looked
    is_confidant: bool = False  # by who acts for the patient

    @property
    def may_be_strange(self) -> bool:
        """Can the patient say that it should not have been: an act of others, or a sign-in that was not theirs."""
        return not self.is_own or self.event == SIGN_IN


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the patient wrote to the contact centre, and the answer when there is one."""

    text: str
    inserted_at: datetime
    answer_until: date
    answer: str
    answered_at: datetime | None


def complaint(item: Mapping[str, Any]) -> Complaint:
    """A complaint from central's answer."""
    answered = item.get("answered_at")
    return Complaint(
        text=item["text"],
        inserted_at=datetime.fromisoformat(item["inserted_at"]),
        answer_until=date.fromisoformat(item["answer_until"]),
        answer=item.get("answer") or "",
        answered_at=datetime.fromisoformat(answered) if answered else None,
    )


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
        name=user.get("name") or (item.get("confidant") or {}).get("name") or "",
        position=user.get("position") or "",
        organisation=organisation.get("name") or "",
        is_own=bool(item.get("is_own")),
        role=user.get("role") or "",
        reason=user.get("reason") or "",
        is_confidant="confidant" in item,
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """What one reader did at one place without a long pause, the newest line first: one dispense, one examination."""

    lines: list[Reading]

    @property
    def last(self) -> Reading:
        return self.lines[0]

    @property
    def first(self) -> Reading:
        return self.lines[-1]

    @property
    def weightiest(self) -> Reading:
        """The line that tells most of it: the newest of those that were refused, else changed, else read."""
        return min(self.lines, key=lambda line: _WEIGHT[line.kind])

    @property
    def kinds(self) -> list[Kind]:
        """What was done to the record, the weightiest first."""
        return sorted({line.kind for line in self.lines}, key=_WEIGHT.__getitem__)


def is_pause(later: Reading, earlier: Reading) -> bool:
    """Whether no visit reaches from one line to the next: another day in Kyiv, or a long time between them."""
    return kyiv_date(later.at) != kyiv_date(earlier.at) or later.at - earlier.at > PAUSE


def visits(readings: Iterable[Reading]) -> list[Visit]:
    """Lines, the newest first, under the visits that they belong to; visits of several readers may overlap."""
    found: list[Visit] = []
    running: dict[tuple[object, ...], Visit] = {}
    for each in readings:
        reader = (each.is_own, each.name, each.position, each.organisation, each.role)
        visit = running.get(reader)
        if visit is None or is_pause(visit.first, each):
            running[reader] = visit = Visit([])
            found.append(visit)
        visit.lines.append(each)
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody else who came to the record, with all their visits, the newest first."""

    visits: list[Visit]

    @property
    def last(self) -> Reading:
        """The line that tells who it is, and when they were here for the last time."""
        return self.visits[0].last

    @property
    def weightiest(self) -> Reading:
        """What they came for, in one line."""
        return min((visit.weightiest for visit in self.visits), key=lambda line: _WEIGHT[line.kind])

    @property
    def count(self) -> int:
        return len(self.visits)


def readers(found: Iterable[Visit]) -> list[Reader]:
    """Visits, the newest first, under who made them; who came last stands first."""
    known: dict[tuple[object, ...], Reader] = {}
    for visit in found:
        who = (visit.last.name, visit.last.position, visit.last.organisation, visit.last.role)
        known.setdefault(who, Reader([])).visits.append(visit)
    return list(known.values())


def by_day(found: Iterable[Visit]) -> list[tuple[date, list[Visit]]]:
    """Visits under their days, in the same order."""
    days: list[tuple[date, list[Visit]]] = []
    for each in found:
        day = kyiv_date(each.last.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(each)
    return days
