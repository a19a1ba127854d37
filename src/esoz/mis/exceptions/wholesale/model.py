"""A request of an institution as it is recorded, and what is supplied by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _

from ..handover import Line, Medicine, asked, details

FIRST_LINES, MORE_LINES, MOST_LINES = 3, 3, 30


class Event(StrEnum):
    LIST_READ = "wholesale_requests.read"
    LIST_EXPORTED = "wholesale_requests.exported"
    READ = "wholesale_request.read"
    RECORDED = "wholesale_request.recorded"
    SCANNED = "wholesale_request.scanned"
    CANCELLED = "wholesale_request.cancelled"
    PREPARED = "wholesale_supply.prepared"
    SENT = "wholesale_supply.sent"
    SUPPLY_CANCELLED = "wholesale_supply.cancelled"
    SUPPLIES_READ = "wholesale_supplies.read"
    SUPPLIES_EXPORTED = "wholesale_supplies.exported"


STATUSES: Mapping[str, tuple[str, str]] = {  # of a request: words and colour of the tag
    "ACTIVE": (_("Чекає на видачу"), "blue"),
    "COMPLETED": (_("Видано все"), "green"),
    "ENTERED_IN_ERROR": (_("Внесено помилково"), "grey"),
}
SUPPLY_STATUSES: Mapping[str, tuple[str, str]] = {
    "COMPLETED": (_("Видано"), "green"),
    "ENTERED_IN_ERROR": (_("Внесено помилково"), "grey"),
}
REQUESTERS: Mapping[str, str] = {
    "HEALTH_INSTITUTION": _("Заклад охорони здоров’я"),
    "MILITARY_ADMINISTRATION": _("Військова адміністрація"),
    "MILITARY_UNIT": _("Військова частина"),
    "CHARITY": _("Благодійна організація"),
    "VOLUNTEERS": _("Волонтери"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the form asks to be recorded."""

    division_id: UUID
    requester_type: str
    requester_name: str
    requester_edrpou: str
    responsible_name: str
    responsible_position: str
    number: str
    requested_at: date
    medicines: Sequence[Medicine]

    def body(self) -> dict[str, Any]:
        """The request, by the names of central."""
        names = (
            *("requester_type", "requester_name", "requester_edrpou"),
            *("responsible_name", "responsible_position", "number"),
        )
        return {
            "division_id": str(self.division_id),
            **{name: getattr(self, name) for name in names},
            "requested_at": self.requested_at.isoformat(),
            "medicines": asked(self.medicines),
        }


@dataclass(frozen=True, slots=True)
class Supply:
    """What is to be supplied by a request, and who takes it away."""

    request_id: UUID
    division_id: UUID
    supplied_at: date
    received_by: str
    lines: Sequence[Line]

    def content(self, id: UUID) -> dict[str, Any]:
        """The document that is signed, by the names of central."""
        return {
            "id": str(id),
            "wholesale_request_id": str(self.request_id),
            "division_id": str(self.division_id),
            "supplied_at": self.supplied_at.isoformat(),
            "received_by": self.received_by,
            "dispense_details": details(self.lines),
        }
