"""Prescriptions of this workplace: their states, what is shown of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import kyiv_date
from esoz.kernel.pages import mark as _

from .course import PrescribingContext, Programme
from .drugs import Drug


class Event(StrEnum):
    STARTED = "prescription.started"
    CHECKED = "prescription.checked"
    PROGRAMME_CHOSEN = "prescription.programme_chosen"
    DOUBTS_ANSWERED = "prescription.doubts_answered"
    MADE = "prescription.made"
    ISSUED = "prescription.issued"
    REOPENED = "prescription.reopened"
    DISCARDED = "prescription.discarded"
    LIST_READ = "prescriptions.read"
    READ = "prescription.read"
    PRINTED = "prescription.printed"
    RESENT = "prescription.code_resent"
    REJECTED = "prescription.rejected"


class State(StrEnum):
    """DRAFT: only here. MADE: central keeps a draft to be signed. SENT: signed, the answer is not known."""

    DRAFT = "draft"
    MADE = "made"
    SENT = "sent"
    ISSUED = "issued"
    DISCARDED = "discarded"


MOVES = {
    State.DRAFT: frozenset({State.MADE, State.DISCARDED}),
    State.MADE: frozenset({State.SENT, State.ISSUED, State.DRAFT}),
    State.SENT: frozenset({State.ISSUED, State.MADE, State.DRAFT}),
    State.ISSUED: frozenset[State](),
    State.DISCARDED: frozenset[State](),
}

# Central's statuses of a prescription: words and colour of the tag.
STATUSES = {
    "ACTIVE": (_("Чинний"), "blue"),
    "COMPLETED": (_("Погашено"), "green"),
    "REJECTED": (_("Відкликано"), "red"),
    "EXPIRED": (_("Прострочено"), "grey"),
}
DISPENSE_STATUSES = {
    "NEW": (_("Утримується"), "yellow"),
    "PROCESSED": (_("Відпущено"), "green"),
    "REJECTED": (_("Звільнено"), "grey"),
    "EXPIRED": (_("Час вийшов"), "grey"),
    "RETURNED": (_("Повернено"), "grey"),
}
_OWN = {
    State.DRAFT: (_("Чернетка"), "grey"),
    State.MADE: (_("Очікує на підпис"), "yellow"),
    State.SENT: (_("Перевіряється"), "yellow"),
    State.DISCARDED: (_("Видалено"), "grey"),
}


class Way(msgspec.Struct, frozen=True):
    """A programme that the medicine can be prescribed by, with its packages; `reason`: why central does not take it."""

    programme: Programme
    drug: Drug
    reason: str = ""


def best(ways: Iterable[Way], kept: UUID | None = None) -> Way | None:
    """The one to prescribe by: of those that central takes the kept one, else the first; else the first of all."""
    ordered = sorted(ways, key=lambda way: (bool(way.reason), way.programme.id != kept))
    return ordered[0] if ordered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """One prescription of ours from the first field to the signature, and what is known of it since."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    patient_id: UUID
    employee_id: UUID
    division_id: UUID
    encounter_id: UUID
    programme: Programme
    drug: Drug
    state: State
    created_at: datetime
    updated_at: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    ways: tuple[Way, ...] = ()  # the cheapest for the patient first
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # to doubts, by their ids
    request_id: UUID | None = None
    request_number: str = ""
    content: bytes | None = None
    signed: bytes | None = None
    informed: Mapping[str, str] = field(default_factory=dict)
    code_on_note: bool = False
    status: str = ""
    status_at: datetime | None = None
    valid_to: date | None = None
    series_id: UUID | None = None  # the first of the series that it belongs to
    series_place: int = 1

    @property
    def place(self) -> PrescribingContext:
        return PrescribingContext(self.patient_id, self.employee_id, self.division_id, self.encounter_id)

    @property
    def is_valid(self) -> bool:
        """Central has checked the draft and takes it."""
        return self.reason == ""

    @property
    def open_ways(self) -> list[Way]:
        """Programmes that central takes it by."""
        return [each for each in self.ways if not each.reason]

    @property
    def shown(self) -> Mapping[str, Any]:
        """What is signed, read for people; empty before central has made it."""
        return msgspec.json.decode(self.content, type=dict) if self.content else {}

    @property
    def words(self) -> str:
        """How it is taken, as it was signed."""
        return "; ".join(str(each.get("text") or "") for each in self.shown.get("dosage_instruction") or ())

    @property
    def shown_status(self) -> tuple[str, str]:
        """Words and colour of the tag."""
        return STATUSES.get(self.status, STATUSES["ACTIVE"]) if self.state is State.ISSUED else _OWN[self.state]

    @property
    def path(self) -> str:
        """The page where the work goes on."""
        if self.state is State.MADE and self.series_id is not None:
            return f"/patients/{self.patient_id}/sign-all"  # one after another, with one opening of the key
        steps = {State.DRAFT: "", State.MADE: "/sign", State.SENT: "/done", State.ISSUED: "/done"}
        return f"/prescriptions/{self.id}{steps.get(self.state, '')}"


def tag_of(status: str) -> tuple[str, str]:
    """Words and colour of a prescription's status; the status itself when it is a new one."""
    return STATUSES.get(status, (status, ""))


def state_tag(request: Mapping[str, Any]) -> tuple[str, str]:
    """The same for a whole prescription of central: a blocked one is told first."""
    blocked = request.get("block_reason_code") and request["status"] == "ACTIVE"
    return (_("Заблоковано"), "red") if blocked else tag_of(request["status"])


def dispense_tag(status: str) -> tuple[str, str]:
    return DISPENSE_STATUSES.get(status, (status, ""))


def made_today(encounters: Iterable[Mapping[str, Any]], employee_id: UUID, today: date) -> list[Mapping[str, Any]]:
    """Requirement 3.9.1.1.2 to MIS: a prescription is written in an encounter that the employee finished today."""
    return [
        each
        for each in encounters
        if each.get("status") == "finished" and _performer(each) == str(employee_id) and _day(each) == today
    ]


def _performer(encounter: Mapping[str, Any]) -> str | None:
    performer: str | None = (encounter.get("performer") or {}).get("identifier", {}).get("value")
    return performer


def _day(encounter: Mapping[str, Any]) -> date | None:
    end = (encounter.get("period") or {}).get("end") or encounter.get("inserted_at")
    return kyiv_date(datetime.fromisoformat(end)) if end else None
