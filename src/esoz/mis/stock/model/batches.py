"""Medicines and their batches; which of them are taken first, and what the books say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words

SOON = timedelta(days=90)
ZERO = Decimal(0)


class Event(StrEnum):
    READ = "stock.read"
    EXPORTED = "stock.exported"
    RECEIPT_BEGUN = "stock.receipt_begun"
    RECEIPT_CHANGED = "stock.receipt_changed"
    RECEIPT_DROPPED = "stock.receipt_dropped"
    RECEIVED = "stock.received"
    WRITTEN_OFF = "stock.written_off"
    COUNTED = "stock.counted"
    TAKEN = "stock.taken"
    RETURNED = "stock.returned"
    DIVISION_CHOSEN = "stock.division_chosen"
    SHARING_SWITCHED = "stock.sharing_switched"
    TOLD = "stock.told"


class Kind(StrEnum):
    """Why a quantity has moved."""

    RECEIVED = "RECEIVED"
    DISPENSED = "DISPENSED"
    RETURNED = "RETURNED"
    WRITTEN_OFF = "WRITTEN_OFF"
    COUNTED = "COUNTED"


KINDS: Mapping[str, str] = {
    Kind.RECEIVED: _("Надходження"),
    Kind.DISPENSED: _("Відпуск"),
    Kind.RETURNED: _("Повернення"),
    Kind.WRITTEN_OFF: _("Списання"),
    Kind.COUNTED: _("Інвентаризація"),
}
REASONS: Mapping[str, str] = {
    "EXPIRED": _("Строк придатності минув"),
    "DAMAGED": _("Пошкоджено"),
    "RECALLED": _("Серію заборонено або відкликано"),
    "LOST": _("Втрачено"),
    "OTHER": _("Інша причина"),
}


# By what something was handed over: where that stands, and how the journal calls it.
PRESCRIPTION = "prescription"
WAYS: Mapping[str, tuple[str, str]] = {
    PRESCRIPTION: ("/pharmacy/dispenses", _("Відпуск за рецептом")),
    "paper": ("/paper", _("Відпуск за паперовим рецептом")),
    "emergency": ("/emergency", _("Відпуск без рецепта")),
    "wholesale": ("/wholesale", _("Оптова видача")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """A package as central's register knows it."""

    medication_id: UUID
    name: str
    manufacturer: str
    form: str
    unit: str
    package_qty: Decimal
    package_min_qty: Decimal

    @property
    def unit_word(self) -> str:
        return unit_in_words(self.unit, self.form)

    def quantity(self, packages: int, units: Decimal) -> Decimal:
        return self.package_qty * packages + units

    def split(self, quantity: Decimal) -> tuple[int, Decimal]:
        """A quantity from zero on as whole packages and the units beside them."""
        packages, units = divmod(quantity, self.package_qty)
        return int(packages), units


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is left of one delivery of a medicine."""

    id: UUID
    medication_id: UUID
    series: str
    expires_on: date
    price: Decimal
    quantity: Decimal
    created_at: datetime

    def is_expired(self, today: date) -> bool:
        """PH-2: the last day of the term is a good one still."""
        return self.expires_on < today

    def is_soon(self, today: date) -> bool:
        return self.expires_on <= today + SOON


@dataclass(frozen=True, slots=True)
class Taken:
    """So much of one batch; of none when the books had no more (PH-3)."""

    batch_id: UUID | None
    quantity: Decimal


def take(batches: Iterable[Batch], wanted: Decimal, today: date) -> Sequence[Taken]:
    """PH-1: from the batch that expires first; PH-2: never from one that is over; PH-3: the rest is told as missing.

    All of `wanted` is in the answer, exactly.
    """
    taken, left = [], wanted
    fit = (each for each in batches if each.quantity > 0 and not each.is_expired(today))
    for batch in sorted(fit, key=lambda each: (each.expires_on, each.created_at, each.id)):
        if left <= 0:
            break
        part = min(batch.quantity, left)
        taken.append(Taken(batch.id, part))
        left -= part
    return [*taken, Taken(None, left)] if left > 0 else taken


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """What a division has of a medicine that may be given: how much, and of the batch that goes first what it costs
    a package, its series and its term."""

    quantity: Decimal
    price: Decimal
    series: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """An act outside of electronic prescriptions, by central's id; `about_id` is what it stands with."""

    id: UUID
    way: str
    about_id: UUID
    division_id: UUID
    user_id: UUID  # who signed it
    day: date
    quantities: Mapping[UUID, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A delivery of a supplier, while it is written and after."""

    id: UUID
    clinic_id: UUID
    division_id: UUID
    user_id: UUID
    kind: str
    state: str
    day: date
    document: str
    supplier: str
    reason: str
    created_at: datetime
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a receipt: a quantity in units of a medicine, a price of a package."""

    medication_id: UUID
    series: str
    expires_on: date
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """PH-4: what an inventory found of a batch, beside what the books said when the count was written."""

    batch_id: UUID
    booked: Decimal
    counted: Decimal

    @property
    def difference(self) -> Decimal:
        return self.counted - self.booked


def read_medicine(found: Mapping[str, Any]) -> Medicine:
    """From central's package of the register."""
    return Medicine(
        medication_id=UUID(found["id"]),
        name=found["name"],
        manufacturer=(found.get("manufacturer") or {}).get("name") or "",
        form=found.get("form") or "",
        unit=(found.get("container") or {}).get("denumerator_unit") or "",
        package_qty=Decimal(str(found["package_qty"])),
        package_min_qty=Decimal(str(found.get("package_min_qty") or found["package_qty"])),
    )
