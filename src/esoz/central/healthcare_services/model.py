"""Healthcare services and the roles of employees in them: shapes, statuses and rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, Invalid
from esoz.kernel.fhir import Moment


class Event(StrEnum):
    """What the audit log tells of this context."""

    SERVICES_READ = "healthcare_services.read"
    SERVICE_READ = "healthcare_service.read"
    SERVICE_CREATED = "healthcare_service.created"
    SERVICE_UPDATED = "healthcare_service.updated"
    SERVICE_ACTIVATED = "healthcare_service.activated"
    SERVICE_DEACTIVATED = "healthcare_service.deactivated"
    ROLES_READ = "employee_roles.read"
    ROLE_READ = "employee_role.read"
    ROLE_CREATED = "employee_role.created"
    ROLE_DEACTIVATED = "employee_role.deactivated"
    ROLES_ENDED = "employee_roles.ended"


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


MOVES = {
    Status.ACTIVE: frozenset({Status.INACTIVE}),
    Status.INACTIVE: frozenset({Status.ACTIVE}),
}


class RoleStatus(StrEnum):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


# A role that has ended is given anew, not begun again.
ROLE_MOVES = {
    RoleStatus.ACTIVE: frozenset({RoleStatus.INACTIVE}),
    RoleStatus.INACTIVE: frozenset[RoleStatus](),
}

CATEGORIES = "HEALTHCARE_SERVICE_CATEGORIES"
CARE = "MSP"
# API of 2026: care by speciality and condition; the sale of medicines by its type and its own license.
BY_LEGAL_ENTITY: Mapping[str, frozenset[str]] = {
    "PRIMARY_CARE": frozenset({CARE, "PHARMACY_DRUGS"}),
    "OUTPATIENT": frozenset({CARE, "PHARMACY_DRUGS"}),
    "EMERGENCY": frozenset({CARE}),
    "MSP": frozenset({CARE}),
    "MSP_PHARMACY": frozenset({CARE, "PHARMACY", "PHARMACY_DRUGS"}),
    "PHARMACY": frozenset({"PHARMACY", "PHARMACY_DRUGS"}),
}
TYPES: Mapping[str, str] = {"PHARMACY_DRUGS": "HEALTHCARE_SERVICE_PHARMACY_DRUGS_TYPES"}  # category → its dictionary
LICENSES: Mapping[str, str] = {CARE: "MSP", "PHARMACY": "PHARMACY", "PHARMACY_DRUGS": "PHARMACY_DRUGS"}
# Who gives care in a service: they have a speciality of the office.
GIVING = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR", "LABORANT", "PHARMACIST"})


class AvailableTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When patients are received; hours are HH:MM:SS."""

    days_of_week: tuple[str, ...]
    all_day: bool | None = None
    available_start_time: str | None = None
    available_end_time: str | None = None


class During(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: Moment
    end: Moment


class NotAvailable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and why nobody is received."""

    description: str
    during: During


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a service may change."""

    comment: str | None = None
    available_time: tuple[AvailableTime, ...] = ()
    not_available: tuple[NotAvailable, ...] = ()


EMPTY = Schedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthcareService:
    """What a division offers."""

    id: UUID
    legal_entity_id: UUID
    division_id: UUID
    category: str
    status: Status
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    license_id: UUID | None = None
    type: str | None = None
    speciality_type: str | None = None
    providing_condition: str | None = None
    is_active: bool = True
    content: Schedule = EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDetails:
    """What is told of a new service."""

    division_id: UUID
    category: str
    schedule: Schedule
    license_id: UUID | None = None
    type: str | None = None
    speciality_type: str | None = None
    providing_condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeRole:
    """An employee gives a service."""

    id: UUID
    healthcare_service_id: UUID
    employee_id: UUID
    legal_entity_id: UUID
    start_date: datetime
    status: RoleStatus
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID | None
    end_date: datetime | None = None
    is_active: bool = True


class HealthcareServiceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    division_id: UUID | None = None
    speciality_type: str | None = None
    providing_condition: str | None = None
    category: str | None = None
    type: str | None = None
    status: str | None = None


class EmployeeRoleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    employee_id: UUID | None = None
    healthcare_service_id: UUID | None = None
    status: str | None = None


class SameService(Conflict):
    """The division offers this already."""

    default = "Healthcare service is already exist"


class SameRole(Conflict):
    """The employee gives this service already."""

    default = "Employee role already exists"


def kind_faults(service: HealthcareService, legal_entity_type: str) -> Iterator[Invalid]:
    """What contradicts the category of a service, by fields."""
    if service.category not in BY_LEGAL_ENTITY.get(legal_entity_type, frozenset()):
        message = f"Category {service.category} is not allowed for legal entity of type {legal_entity_type}"
        yield Invalid("$.category", "invalid", message)
        return
    needed = {
        "speciality_type": service.category == CARE,
        "providing_condition": service.category == CARE,
        "type": service.category in TYPES,
        "license_id": service.category in TYPES,
    }
    for name, is_needed in needed.items():
        is_there = getattr(service, name) is not None
        if is_needed and not is_there:
            yield Invalid(f"$.{name}", "required", f"required property {name} was not present")
        elif is_there and not is_needed and name != "license_id":
            yield Invalid(f"$.{name}", "invalid", f"{name} is not allowed for category {service.category}")


def schedule_faults(schedule: Schedule, days: frozenset[str] | None) -> Iterator[Invalid]:
    """Days that are not in the dictionary, hours and absences that end before they begin."""
    for number, each in enumerate(schedule.available_time):
        place = f"$.available_time[{number}]"
        if days is not None and not days.issuperset(each.days_of_week):
            yield Invalid(f"{place}.days_of_week", "inclusion", "value is not allowed in dictionary DAYS_OF_WEEK")
        yield from _hours_faults(each, place)
    for number, absence in enumerate(schedule.not_available):
        if absence.during.end < absence.during.start:
            place = f"$.not_available[{number}].during.end"
            yield Invalid(place, "invalid", "End date must be greater than start date")


def _hours_faults(time: AvailableTime, place: str) -> Iterator[Invalid]:
    hours = (time.available_start_time, time.available_end_time)
    if time.all_day:
        if hours != (None, None):
            yield Invalid(f"{place}.all_day", "invalid", "Hours are not allowed when all_day is true")
        return
    for name, hour in zip(("available_start_time", "available_end_time"), hours, strict=True):
        if hour is None:
            yield Invalid(f"{place}.{name}", "required", f"required property {name} was not present")
            return
        if not _is_time(hour):
            yield Invalid(f"{place}.{name}", "format", "expected a valid time")
            return
    if (hours[0] or "") >= (hours[1] or ""):
        yield Invalid(f"{place}.available_end_time", "invalid", "End time must be greater than start time")


def _is_time(text: str) -> bool:
    parts: Sequence[str] = text.split(":")
    if len(parts) != 3 or not all(len(part) == 2 and part.isascii() and part.isdigit() for part in parts):
        return False
    hours, minutes, seconds = (int(part) for part in parts)
    return hours < 24 and minutes < 60 and seconds < 60
