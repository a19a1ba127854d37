"""Legal entities and divisions: their shapes, statuses and rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone


class Event(StrEnum):
    """What the audit log tells of this context."""

    LEGAL_ENTITIES_READ = "legal_entities.read"
    LEGAL_ENTITY_READ = "legal_entity.read"
    LEGAL_ENTITY_CREATED = "legal_entity.created"
    RELATED_READ = "related_legal_entities.read"
    DIVISIONS_READ = "divisions.read"
    DIVISION_READ = "division.read"
    DIVISION_CREATED = "division.created"


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    REORGANIZED = "REORGANIZED"


# LE-18, LE-19, LE-21 (2019 source): suspension by hand or by term, closing, merging into another.
MOVES = {
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.CLOSED, Status.REORGANIZED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.CLOSED, Status.REORGANIZED}),
    Status.CLOSED: frozenset[Status](),
    Status.REORGANIZED: frozenset[Status](),
}


class DivisionStatus(StrEnum):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


DIVISION_MOVES = {
    DivisionStatus.ACTIVE: frozenset({DivisionStatus.INACTIVE}),
    DivisionStatus.INACTIVE: frozenset({DivisionStatus.ACTIVE}),
}

_CLINIC = frozenset({"CLINIC", "AMBULANT_CLINIC", "FAP", "LICENSED_UNIT"})
_PHARMACY = frozenset({"DRUGSTORE", "DRUGSTORE_POINT"})
# DV-2 (2019 source); EMERGENCY and LICENSED_UNIT came with the API of 2026.
DIVISION_TYPES: Mapping[str, frozenset[str]] = {
    "MSP": _CLINIC,
    "PRIMARY_CARE": _CLINIC,
    "OUTPATIENT": _CLINIC,
    "EMERGENCY": _CLINIC,
    "PHARMACY": _PHARMACY,
    "MSP_PHARMACY": _CLINIC | _PHARMACY,
}
# LE-8 (2019 source): one license, of the kind that the type of legal entity works under.
LICENSE_TYPES: Mapping[str, str] = {
    "PRIMARY_CARE": "MSP",
    "OUTPATIENT": "MSP",
    "EMERGENCY": "MSP",
    "MSP": "MSP",
    "PHARMACY": "PHARMACY",
}

Hours: TypeAlias = Mapping[str, Sequence[Sequence[str]]]


class Kved(msgspec.Struct, frozen=True):
    """A kind of economic activity."""

    name: str
    code: str
    is_primary: bool


class EDR(msgspec.Struct, frozen=True, omit_defaults=True):
    """The record of the state register of legal entities; `state` 1 means registered."""

    id: UUID
    name: str
    edrpou: str
    kveds: Sequence[Kved]
    registration_address: Mapping[str, object]
    state: int
    short_name: str | None = None
    public_name: str | None = None
    legal_form: str | None = None


class License(msgspec.Struct, frozen=True, omit_defaults=True):
    """A permission to practise."""

    id: UUID
    type: str
    issued_by: str
    issued_date: date
    active_from_date: date
    order_no: str
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None


class Accreditation(msgspec.Struct, frozen=True, omit_defaults=True):
    """The category a clinic was accredited with."""

    category: str
    order_no: str
    order_date: date
    issued_date: date | None = None
    expiry_date: date | None = None


class Archive(msgspec.Struct, frozen=True):
    """Where paper records are kept since when."""

    date: date
    place: str


class PublicOffer(msgspec.Struct, frozen=True):
    """The consent of the owner with the rules of the system."""

    consent_text: str
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntity:
    """A clinic or a pharmacy; its id is also the id of its OAuth client."""

    id: UUID
    edrpou: str
    type: str
    status: Status
    name: str
    edr: EDR
    residence_address: Address
    phones: Sequence[Phone]
    email: str
    public_offer: PublicOffer
    inserted_at: datetime
    updated_at: datetime
    license: License | None = None
    is_active: bool = True
    website: str | None = None
    owner_property_type: str | None = None
    receiver_funds_code: str | None = None
    beneficiary: str | None = None
    accreditation: Accreditation | None = None
    archive: Sequence[Archive] = ()
    mis_verified: str = "VERIFIED"
    nhs_verified: bool = False
    nhs_reviewed: bool = False
    nhs_comment: str | None = None

    @property
    def acts(self) -> bool:
        """Whether it may register, record and prescribe."""
        return self.is_active and self.status is Status.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A place where a legal entity works."""

    id: UUID
    legal_entity_id: UUID
    name: str
    type: str
    status: DivisionStatus
    addresses: Sequence[Address]
    phones: Sequence[Phone]
    email: str
    inserted_at: datetime
    updated_at: datetime
    is_active: bool = True
    working_hours: Hours | None = None
    external_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    mountain_group: bool = False
    dls_id: str | None = None
    dls_verified: bool | None = None

    @property
    def acts(self) -> bool:
        """Whether patients are received here."""
        return self.is_active and self.status is DivisionStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Related:
    """A legal entity that was merged into another."""

    merged_from: LegalEntity
    type: str
    reason: str
    reason_date: date | None
    is_active: bool
    inserted_at: datetime
    inserted_by: UUID


def repeated(values: Iterable[str]) -> str | None:
    """The first value met twice, or None."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def hours_fault(hours: Hours) -> str | None:
    """Return the weekday whose ranges cannot be read, or None."""
    # DV-5 (2019 source): "HH.MM" with a dot, from before to.
    for day, ranges in hours.items():
        for span in ranges:
            if len(span) != 2 or not all(map(_is_time, span)) or span[0] >= span[1]:
                return day
    return None


def _is_time(text: str) -> bool:
    hour, dot, minute = text.partition(".")
    two_digits = all(len(part) == 2 and part.isascii() and part.isdigit() for part in (hour, minute))
    return dot == "." and two_digits and int(hour) < 24 and int(minute) < 60
