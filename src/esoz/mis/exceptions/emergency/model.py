"""What is written down of a medicine that was handed over without a prescription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _

from ..handover import Line, details

LINES = 3  # as many as a blank has; more are another entry


class Event(StrEnum):
    LIST_READ = "emergency_dispenses.read"
    LIST_EXPORTED = "emergency_dispenses.exported"
    READ = "emergency_dispense.read"
    PREPARED = "emergency_dispense.prepared"
    SENT = "emergency_dispense.sent"
    CANCELLED = "emergency_dispense.cancelled"


OTHER = "OTHER"
# What leaves no other way; the words are what is signed.
REASONS: Mapping[str, str] = {
    "NO_CONNECTION": _("Немає зв’язку або електропостачання"),
    "NO_DOCTOR": _("У населеному пункті немає лікаря"),
    "CLINIC_DESTROYED": _("Заклад охорони здоров’я зруйновано або не працює"),
    "DANGER": _("До лікаря небезпечно дістатися"),
    OTHER: _("Інше"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the form asks to be written down."""

    division_id: UUID
    dispensed_at: date
    reason: str
    lines: Sequence[Line]
    note: str = ""

    def content(self, id: UUID) -> dict[str, Any]:
        """The document that is signed, by the names of central."""
        content: dict[str, Any] = {
            "id": str(id),
            "division_id": str(self.division_id),
            "dispensed_at": self.dispensed_at.isoformat(),
            "reason": self.reason,
            "dispense_details": details(self.lines),
        }
        return content | ({"note": self.note} if self.note else {})
