"""A blank of paper as a pharmacy records it, and what is handed over by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _

from ..handover import Line, Medicine, asked, details

LINES = 3  # a blank has no more


class Event(StrEnum):
    LIST_READ = "paper_prescriptions.read"
    LIST_EXPORTED = "paper_prescriptions.exported"
    READ = "paper_prescription.read"
    RECORDED = "paper_prescription.recorded"
    PICTURED = "paper_prescription.pictured"
    CANCELLED = "paper_prescription.cancelled"
    PREPARED = "paper_dispense.prepared"
    SENT = "paper_dispense.sent"
    DISPENSE_CANCELLED = "paper_dispense.cancelled"


STATUSES: Mapping[str, tuple[str, str]] = {  # words and colour of the tag
    "ACTIVE": (_("Діє"), "blue"),
    "COMPLETED": (_("Відпущено все"), "green"),
    "EXPIRED": (_("Строк минув"), "grey"),
    "ENTERED_IN_ERROR": (_("Внесено помилково"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Blank:
    """What the form asks to be recorded."""

    division_id: UUID
    series: str
    number: str
    institution_name: str
    institution_edrpou: str
    doctor_name: str
    issued_at: date
    valid_to: date | None
    medicines: Sequence[Medicine]

    def body(self) -> dict[str, Any]:
        """The request, by the names of central."""
        body: dict[str, Any] = {
            "division_id": str(self.division_id),
            "series": self.series,
            "number": self.number,
            "institution_name": self.institution_name,
            "institution_edrpou": self.institution_edrpou,
            "doctor_name": self.doctor_name,
            "issued_at": self.issued_at.isoformat(),
            "medicines": asked(self.medicines),
        }
        return body | ({"valid_to": self.valid_to.isoformat()} if self.valid_to else {})


@dataclass(frozen=True, slots=True)
class Handover:
    """What is to be handed over by a blank."""

    paper_id: UUID
    division_id: UUID
    dispensed_at: date
    lines: Sequence[Line]

    def content(self, id: UUID) -> dict[str, Any]:
        """The document that is signed, by the names of central."""
        return {
            "id": str(id),
            "paper_prescription_id": str(self.paper_id),
            "division_id": str(self.division_id),
            "dispensed_at": self.dispensed_at.isoformat(),
            "dispense_details": details(self.lines),
        }
