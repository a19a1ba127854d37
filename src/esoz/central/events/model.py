"""What an event tells, which lines of the audit log become one, and of which hours one may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Invalid, Rejected

WINDOW = timedelta(hours=3)  # published: no more is answered at once
KEPT = timedelta(days=31)
NOBODY = UUID(int=0)  # what the system does by itself: the published field is required


class Event(StrEnum):
    """What the audit log tells of this context."""

    LIST_READ = "events.read"
    READ = "event.read"


class Kind(StrEnum):
    """Published names: the status of a record, or another property of it."""

    STATUS = "StatusChangeEvent"
    STATE = "StateChangeEvent"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line of the audit log says of a record. `fact` names the fact of the line that holds the value."""

    entity: str
    value: str = ""
    attribute: str = "status"
    fact: str = ""


# By the events of the contexts. Where the line does not say the value, the record is asked (`store.asked`).
MEANINGS: Mapping[str, Meaning] = {
    "approval.created": Meaning("Approval", "new"),
    "approval.verified": Meaning("Approval", "active"),
    "approval.canceled": Meaning("Approval", "canceled"),
    "declaration.created": Meaning("Declaration"),
    "declaration.terminated": Meaning("Declaration", "terminated"),
    "declaration.closed": Meaning("Declaration", "closed"),
    "division.drug_control_changed": Meaning("Division", attribute="dls_verified", fact="verified"),
    "employee.hired": Meaning("Employee", "APPROVED"),
    "employee.dismissed": Meaning("Employee", "DISMISSED"),
    "employee_request.created": Meaning("EmployeeRequest", "NEW"),
    "employee_request.approved": Meaning("EmployeeRequest", "APPROVED"),
    "employee_request.rejected": Meaning("EmployeeRequest", "REJECTED"),
    "legal_entity.created": Meaning("LegalEntity", "ACTIVE"),
    "legal_entity.activated": Meaning("LegalEntity", "ACTIVE"),
    "legal_entity.suspended": Meaning("LegalEntity", "SUSPENDED"),
    "legal_entity.closed": Meaning("LegalEntity", "CLOSED"),
    "legal_entity.merged": Meaning("LegalEntity"),
    "device_dispense.created": Meaning("DeviceDispense", "in_progress"),
    "device_dispense.completed": Meaning("DeviceDispense", "completed"),
    "device_dispense.stopped": Meaning("DeviceDispense", "stopped"),
    "device_dispense.marked_in_error": Meaning("DeviceDispense", "entered_in_error"),
    "device_request.created": Meaning("DeviceRequest", "active"),
    "device_request.completed": Meaning("DeviceRequest", "completed"),
    "device_request.reopened": Meaning("DeviceRequest", "active"),
    "device_request.revoked": Meaning("DeviceRequest", "revoked"),
    "device_request.marked_in_error": Meaning("DeviceRequest", "entered_in_error"),
    "medication_dispense.created": Meaning("MedicationDispense", "NEW"),
    "medication_dispense.processed": Meaning("MedicationDispense", "PROCESSED"),
    "medication_dispense.rejected": Meaning("MedicationDispense", "REJECTED"),
    "medication_dispense.expired": Meaning("MedicationDispense", "EXPIRED"),
    "medication_dispense.returned": Meaning("MedicationDispense", "RETURNED"),
    "medication_request.created": Meaning("MedicationRequest", "ACTIVE"),
    "medication_request.completed": Meaning("MedicationRequest", "COMPLETED"),
    "medication_request.reopened": Meaning("MedicationRequest", "ACTIVE"),
    "medication_request.rejected": Meaning("MedicationRequest", "REJECTED"),
    "medication_request.expired": Meaning("MedicationRequest", "EXPIRED"),
    "medication_request.blocked": Meaning("MedicationRequest", "true", "is_blocked"),
    "medication_request.unblocked": Meaning("MedicationRequest", "false", "is_blocked"),
    "person.created": Meaning("Person", "active"),
}
# Where the record itself is asked: lines whose value is in neither the table above nor the facts.
ASKED = frozenset(name for name, each in MEANINGS.items() if not each.value and not each.fact)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit log that means an event."""

    id: UUID
    at: datetime
    event: str
    resource_id: str
    user_id: UUID | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """A record changed: which, what of it, since when, by whom."""

    id: UUID
    event_type: Kind
    entity_type: str
    entity_id: UUID
    attribute_name: str
    new_value: str
    event_time: datetime
    changed_by: UUID
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def event_of(
    line: Line, *, told_until: datetime, asked: str | None = None, employee: UUID | None = None
) -> ChangeEvent:
    """The event that a line means. `asked`: the value that the record has, where the line does not say it.

    What is written down late has the first moment that nobody could ask for yet: hours that were answered once never
    change, so who asks hour by hour misses nothing.
    """
    meaning = MEANINGS[line.event]
    said = (line.facts or {}).get(meaning.fact, "")
    value = meaning.value or (str(said).lower() if isinstance(said, bool) else str(said)) or asked or "unknown"
    if meaning.entity == "Approval" and (line.facts or {}).get("verified") is True:
        value = "active"  # nobody had to confirm it
    properties = {meaning.attribute: {"new_value": value}}
    if employee is not None:
        properties["employee_id"] = {"new_value": str(employee)}
    return ChangeEvent(
        id=line.id,
        event_type=Kind.STATUS if meaning.attribute == "status" else Kind.STATE,
        entity_type=meaning.entity,
        entity_id=UUID(line.resource_id),
        attribute_name=meaning.attribute,
        new_value=value,
        event_time=max(line.at, told_until),
        changed_by=line.user_id or NOBODY,
        properties=properties,
    )


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; a moment without a zone is one of UTC, as published."""

    date: datetime | None = None
    date_to: datetime | None = None
    event_type: str | None = None
    entity_type: str | None = None
    attribute_name: str | None = None
    new_value: str | None = None

    def hours(self, now: datetime) -> tuple[datetime, datetime]:
        """From (inclusive) and to (exclusive): never more than three hours, the last three when nothing is said.

        Raises Rejected when the end is not after the beginning.
        """
        start, end = _in_utc(self.date), _in_utc(self.date_to)
        if start is not None and end is not None and end <= start:
            message = "must be greater than date"
            raise Rejected(invalid=(Invalid("$.date_to", "invalid", message, (), "query_parameter"),))
        # Older ones are not kept and later ones not told: far years need no reckoning, which ends at the year 9999.
        oldest, latest = now - 2 * KEPT, now + WINDOW
        end = None if end is None else min(max(end, oldest), latest)
        if start is not None:
            start = min(max(start, oldest), latest)
            return start, min(end or start + WINDOW, start + WINDOW)
        end = end or now
        return end - WINDOW, end


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
