"""Equipment as published."""

import msgspec

from esoz.kernel.payload import JSON, omit_none

from .model import Availability, Equipment, Status


class StatusBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Status
    error_reason: str | None = None


class AvailabilityBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    availability_status: Availability


def equipment(equipment: Equipment) -> JSON:
    """Equipment in the list and in details."""
    fields = {name: getattr(equipment, name) for name in Equipment.__dataclass_fields__}
    return omit_none(**fields | {"properties": equipment.properties or None})
