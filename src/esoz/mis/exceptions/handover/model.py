"""What every handing over outside of electronic prescriptions has: packages, quantities, a document to be signed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words

STATUSES: Mapping[str, tuple[str, str]] = {  # of an act: words and colour of the tag
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
class Medicine:
    """A line of what is asked for: substance, form and strength, and how much in its units."""

    dosage_id: UUID
    quantity: Decimal


def details(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Packages as a signed document names them."""
    return [{"medication_id": str(each.package.id), "medication_qty": plain_number(each.quantity)} for each in lines]


def asked(medicines: Sequence[Medicine]) -> list[dict[str, Any]]:
    """Lines of what is asked for as central takes them."""
    return [{"medication_id": str(each.dosage_id), "medication_qty": plain_number(each.quantity)} for each in medicines]


def plain_number(value: Decimal) -> int | float:
    """A quantity as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document that is to be signed: `content` by the names of central, and what of it is read before."""

    id: UUID
    about_id: UUID
    content: Mapping[str, Any]
    lines: Sequence[Line]
    division: str
    form: Mapping[str, str]  # what was typed, to be mended later

    @property
    def shown(self) -> dict[str, Any]:
        lines = [
            {"name": each.package.label, "quantity": str(each.quantity), "unit": each.package.unit_word}
            for each in self.lines
        ]
        return {"division": self.division, "lines": lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document between the form and central."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    kind: str
    about_id: UUID
    content: bytes
    form: Mapping[str, str]
    shown: Mapping[str, Any]
    created_at: datetime
    signed: bytes | None = None

    @property
    def document(self) -> Mapping[str, Any]:
        read: Mapping[str, Any] = msgspec.json.decode(self.content)
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page of signing says."""

    section: str
    heading: str
    sign: str
    file: str  # the name of the document for who signs it elsewhere
    unanswered: str
    not_sent: str
    forget: str
    done: str = ""
    forgotten: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of handing over: where its pages stand, how central takes what was signed."""

    kind: str
    home: str
    documents: str  # below it each document is signed
    path: str
    record: str  # where central tells what the document is about
    acts: str  # under which name that holds the acts; "" when the document is all there is
    field: str
    prepared: StrEnum
    sent: StrEnum
    words: Words
    rows: Callable[[Prepared], Sequence[tuple[str, object]]]  # what is signed besides the packages
    day: str = "dispensed_at"  # the document's name of the day
    mend: str = ""  # where a document that was not signed yet is mended

    def after(self, prepared: Prepared) -> str:
        """Where what was done stands."""
        return f"{self.home}/{prepared.about_id}"

    def settled(self, id: UUID) -> str:
        """Where one is led who comes to sign what is settled already."""
        return f"{self.home}/{id}" if self.documents == self.home else self.home
