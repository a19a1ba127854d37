"""Equipment: shape, statuses and rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Invalid, rejected
from esoz.kernel.states import move


class Event(StrEnum):
    """What the audit log tells of this context."""

    LIST_READ = "equipment_list.read"
    READ = "equipment.read"
    CREATED = "equipment.created"
    STATUS_CHANGED = "equipment.status_changed"
    AVAILABILITY_CHANGED = "equipment.availability_changed"


class Status(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    ENTERED_IN_ERROR = "entered_in_error"


# API of 2026: changed to inactive or entered_in_error only.
MOVES = {
    Status.ACTIVE: frozenset({Status.INACTIVE, Status.ENTERED_IN_ERROR}),
    Status.INACTIVE: frozenset[Status](),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class Availability(StrEnum):
    AVAILABLE = "available"
    DAMAGED = "damaged"
    DESTROYED = "destroyed"
    LOST = "lost"


# What is destroyed does not come back; what was lost may be found.
AVAILABILITY_MOVES = {
    Availability.AVAILABLE: frozenset({Availability.DAMAGED, Availability.DESTROYED, Availability.LOST}),
    Availability.DAMAGED: frozenset({Availability.AVAILABLE, Availability.DESTROYED, Availability.LOST}),
    Availability.DESTROYED: frozenset[Availability](),
    Availability.LOST: frozenset({Availability.AVAILABLE, Availability.DAMAGED, Availability.DESTROYED}),
}


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name and what kind of name it is."""

    name: str
    type: str


class Property(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One property with one value."""

    type: str
    value_integer: int | None = None
    value_decimal: float | None = None
    value_boolean: bool | None = None
    value_string: str | None = None

    @property
    def values(self) -> int:
        """How many values are told."""
        values = (self.value_integer, self.value_decimal, self.value_boolean, self.value_string)
        return sum(value is not None for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """One thing with its inventory."""

    id: UUID
    legal_entity_id: UUID
    recorder: UUID
    type: str
    names: Sequence[Name]
    status: Status
    availability_status: Availability
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    device_definition_id: UUID | None = None
    division_id: UUID | None = None
    parent_id: UUID | None = None
    inventory_number: str | None = None
    serial_number: str | None = None
    lot_number: str | None = None
    model_number: str | None = None
    manufacturer: str | None = None
    manufacture_date: date | None = None
    expiration_date: date | None = None
    properties: Sequence[Property] = ()
    note: str | None = None
    error_reason: str | None = None


class EquipmentDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told of new equipment, by the published names."""

    recorder: UUID
    type: str
    names: tuple[Name, ...]
    status: Status
    availability_status: Availability
    device_definition_id: UUID | None = None
    division_id: UUID | None = None
    parent_id: UUID | None = None
    inventory_number: str | None = None
    serial_number: str | None = None
    lot_number: str | None = None
    model_number: str | None = None
    manufacturer: str | None = None
    manufacture_date: date | None = None
    expiration_date: date | None = None
    properties: tuple[Property, ...] = ()
    note: str | None = None


def faults(equipment: Equipment, days: Days) -> Iterator[Invalid]:
    """What contradicts itself in new equipment, by fields."""
    if equipment.status is not Status.ACTIVE:
        yield Invalid("$.status", "inclusion", "value is not allowed in enum", [Status.ACTIVE])
    if not equipment.names:
        yield Invalid("$.names", "length", "expected at least 1 items", [1])
    for number, each in enumerate(equipment.properties):
        if each.values != 1:
            message = "exactly one of the allowed forms must be present"
            yield Invalid(f"$.properties[{number}]", "schemata", message)
    made, ends = equipment.manufacture_date, equipment.expiration_date
    if made is not None and made > days.latest:
        yield Invalid("$.manufacture_date", "invalid", "Manufacture date can't be in the future")
    if made is not None and ends is not None and ends < made:
        yield Invalid("$.expiration_date", "invalid", "Expiration date must be greater than manufacture date")


def with_status(equipment: Equipment, status: Status, error_reason: str | None) -> Equipment:
    """The equipment in another status; a reason is told of an error, and of nothing else."""
    moved = move(MOVES, equipment.status, status)
    if status is Status.ENTERED_IN_ERROR and not error_reason:
        raise rejected("$.error_reason", "required property error_reason was not present", rule="required")
    if status is not Status.ENTERED_IN_ERROR and error_reason is not None:
        raise rejected("$.error_reason", "error_reason is allowed for entered_in_error only")
    return replace(equipment, status=moved, error_reason=error_reason)


def with_availability(equipment: Equipment, availability: Availability) -> Equipment:
    """The equipment as it is now; what is out of the inventory does not change any more."""
    if equipment.status is not Status.ACTIVE:
        raise Conflict("Equipment is not active")
    return replace(equipment, availability_status=move(AVAILABILITY_MOVES, equipment.availability_status, availability))


class EquipmentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    division_id: UUID | None = None
    device_definition_id: UUID | None = None
    type: str | None = None
    status: str | None = None
    model_number: str | None = None
    manufacturer: str | None = None
    availability_status: str | None = None
    recorder: UUID | None = None
    inventory_number: str | None = None
    serial_number: str | None = None
    name: str | None = None
    created_from: date | None = None
    created_to: date | None = None
