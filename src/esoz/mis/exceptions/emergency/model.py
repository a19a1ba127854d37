"""What is written down of a medicine that was handed over without a prescription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words

LINES = 3  # as many as a blank has; more are another entry


class Event(StrEnum):
    LIST_READ = "emergency_dispenses.read"
    LIST_EXPORTED = "emergency_dispenses.exported"
    READ = "emergency_dispense.read"
    PREPARED = "emergency_dispense.prepared"
    SENT = "emergency_dispense.sent"
    CANCELLED = "emergency_dispense.cancelled"
    PACKAGES_READ = "medications.read"


OTHER = "OTHER"
# What leaves no other way; the words are what is signed.
REASONS: Mapping[str, str] = {
    "NO_CONNECTION": _("Немає зв’язку або електропостачання"),
    "NO_DOCTOR": _("У населеному пункті немає лікаря"),
    "CLINIC_DESTROYED": _("Заклад охорони здоров’я зруйновано або не працює"),
    "DANGER": _("До лікаря небезпечно дістатися"),
    OTHER: _("Інше"),
}
STATUSES: Mapping[str, tuple[str, str]] = {  # words and colour of the tag
    "COMPLETED": (_("Відпущено"), "green"),
    "ENTERED_IN_ERROR": (_("Внесено помилково"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the register as it is chosen."""

    id: UUID
    name: str
    manufacturer: str
    form: str
    unit: str
    qty: Decimal
    min_qty: Decimal

    @property
    def unit_word(self) -> str:
        return unit_in_words(self.unit, self.form)

    @property
    def label(self) -> str:
        """Амоксил, таблетки 500 мг, 20 табл. (Київмедпрепарат)"""
        return f"{self.name}, {_shown(self.qty)} {self.unit_word} ({self.manufacturer})"


def _shown(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}".replace(".", ",")


def read_package(row: Mapping[str, Any]) -> Package:
    """A row of central's register of packages."""
    container = row.get("container") or {}
    return Package(
        UUID(row["id"]),
        row.get("name") or "",
        (row.get("manufacturer") or {}).get("name") or "",
        row.get("form") or "",
        container.get("denumerator_unit") or "",
        Decimal(str(row.get("package_qty") or 1)),
        Decimal(str(row.get("package_min_qty") or 1)),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a package, in its units."""

    package: Package
    quantity: Decimal


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
        details = [
            {"medication_id": str(each.package.id), "medication_qty": plain_number(each.quantity)}
            for each in self.lines
        ]
        content: dict[str, Any] = {
            "id": str(id),
            "division_id": str(self.division_id),
            "dispensed_at": self.dispensed_at.isoformat(),
            "reason": self.reason,
            "dispense_details": details,
        }
        return content | ({"note": self.note} if self.note else {})


def plain_number(value: Decimal) -> int | float:
    """A quantity as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document between the form and central: `form` is what was typed, `shown` what the pharmacist reads."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    content: bytes
    form: Mapping[str, str]
    shown: Mapping[str, Any]
    created_at: datetime
    signed: bytes | None = None

    @property
    def document(self) -> Mapping[str, Any]:
        read: Mapping[str, Any] = msgspec.json.decode(self.content)
        return read
