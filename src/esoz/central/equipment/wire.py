"""Equipment as published."""

from datetime import date
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import given

from .commands import EquipmentDetails
from .model import Availability, Equipment, Name, Property, Status

JSON: TypeAlias = dict[str, object]


class EquipmentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of new equipment."""

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

    def details(self) -> EquipmentDetails:
        return EquipmentDetails(**{name: getattr(self, name) for name in self.__struct_fields__})


class StatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Status
    error_reason: str | None = None


class AvailabilityBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    availability_status: Availability


def equipment(equipment: Equipment) -> JSON:
    """Equipment in the list and in details."""
    told = {name: getattr(equipment, name) for name in Equipment.__dataclass_fields__}
    return given(**told | {"properties": equipment.properties or None})
