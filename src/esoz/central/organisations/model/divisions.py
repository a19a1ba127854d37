"""Divisions: their shape, statuses and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.kernel.faults import Faults, fault

# South, north, west and east of the country in degrees, with a little of the sea.
UKRAINE = (44.0, 52.5, 22.0, 40.5)


class DivisionStatus(StrEnum):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


DIVISION_MOVES = {
    DivisionStatus.ACTIVE: frozenset({DivisionStatus.INACTIVE}),
    DivisionStatus.INACTIVE: frozenset({DivisionStatus.ACTIVE}),
}


_CLINIC = frozenset({"CLINIC", "AMBULANT_CLINIC", "FAP", "LICENSED_UNIT"})


_PHARMACY = frozenset({"DRUGSTORE", "DRUGSTORE_POINT"})


# DV-2; EMERGENCY and LICENSED_UNIT came with the API of 2026.
DIVISION_TYPES: Mapping[str, frozenset[str]] = {
    "MSP": _CLINIC,
    "PRIMARY_CARE": _CLINIC,
    "OUTPATIENT": _CLINIC,
    "EMERGENCY": _CLINIC,
    "PHARMACY": _PHARMACY,
    "MSP_PHARMACY": _CLINIC | _PHARMACY,
}


Hours: TypeAlias = Mapping[str, Sequence[Sequence[str]]]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionDetails:
    """What is told of a division."""

    name: str
    type: str
    addresses: Sequence[Address]
    phones: Sequence[Phone]
    email: str
    working_hours: Hours | None = None
    external_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    dls_id: str | None = None
    dls_verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionFilter:
    """Filters of the list; None means any."""

    legal_entity_id: UUID | None = None
    ids: Sequence[UUID] | None = None
    name: str | None = None
    type: str | None = None
    status: str | None = None


class LicensedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place where medicines may be sold, as the register of drug control has it."""

    dls_id: str
    edrpou: str
    license_number: str
    settlement_id: UUID
    active_from_date: date
    name: str = ""
    street: str = ""
    building: str = ""
    expiry_date: date | None = None


def hours_fault(hours: Hours) -> str | None:
    """Return the weekday whose ranges cannot be read, or None."""
    # DV-5: "HH.MM" with a dot, from before to.
    for day, ranges in hours.items():
        for span in ranges:
            if len(span) != 2 or not all(map(_is_time, span)) or span[0] >= span[1]:
                return day
    return None


def location_faults(latitude: float | None, longitude: float | None) -> Faults:
    """A division receives patients in Ukraine; degrees that were exchanged lie far away."""
    if latitude is None or longitude is None or _is_in_ukraine(latitude, longitude):
        return
    exchanged = _is_in_ukraine(longitude, latitude)
    words = "latitude and longitude are exchanged" if exchanged else "The place must be in Ukraine"
    yield fault("$.location", words)


def _is_in_ukraine(latitude: float, longitude: float) -> bool:
    south, north, west, east = UKRAINE
    return south <= latitude <= north and west <= longitude <= east


def _is_time(text: str) -> bool:
    hour, dot, minute = text.partition(".")
    two_digits = all(len(part) == 2 and part.isascii() and part.isdigit() for part in (hour, minute))
    return dot == "." and two_digits and int(hour) < 24 and int(minute) < 60
