"""A doctor as everybody may look them up, and what the search is narrowed by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from esoz.central.healthcare_services import HealthcareService
from esoz.central.organisations import Division, LegalEntity
from esoz.central.workforce import Employee, EmployeeType, Party, Training, declaration_limit

# Doctors of both levels of care; the first have declarations.
DOCTORS = ("DOCTOR", "SPECIALIST")

MOST_DAYS = 3660
MOST_ROWS = 5000  # of one page of a whole register: published without pages, yet nobody reads a country at once

T = TypeVar("T")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Event(StrEnum):
    """What the audit log tells of this context."""

    DOCTORS_SEARCHED = "doctors.searched"
    DOCTOR_READ = "doctor.read"
    PLACES_SEARCHED = "places.searched"
    DOCTORS_LISTED = "doctors.listed"
    REGISTER_READ = "public_register.read"


class PlaceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Where a doctor receives, by the published names; names of places as people write them."""

    full_name: str | None = None
    speciality: str | None = None
    division_id: UUID | None = None
    division_name: str | None = None
    area: str | None = None
    region: str | None = None
    settlement: str | None = None


class EmployeeSearch(PlaceFilter, frozen=True, kw_only=True):
    """Filters of the search for doctors at their places of work; None means any."""

    id: UUID | None = None
    legal_entity_status: str | None = None
    updated_at_from: Moment | None = None
    updated_at_to: Moment | None = None


class PartySearch(PlaceFilter, frozen=True, kw_only=True):
    """Filters of the search for doctors as people; the four edges of a map, in degrees."""

    employee_type: str | None = None
    verification_status: str | None = None
    location_north: Latitude | None = None
    location_south: Latitude | None = None
    location_east: Longitude | None = None
    location_west: Longitude | None = None


class DivisionSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the search for places where people are received, by the published names; None means any.

    The four edges of a map are in degrees; each alone is an edge too.
    """

    id: UUID | None = None
    employee_id: UUID | None = None
    type: str | None = None
    name: str | None = None
    area: str | None = None
    region: str | None = None
    settlement: str | None = None
    legal_entity_edrpou: str | None = None
    legal_entity_id: UUID | None = None
    legal_entity_name: str | None = None
    healthcare_service_speciality_type: str | None = None
    healthcare_service_providing_condition: str | None = None
    north: Latitude | None = None
    south: Latitude | None = None
    east: Longitude | None = None
    west: Longitude | None = None
    updated_at_from: Moment | None = None
    updated_at_to: Moment | None = None


class ChangesFilter(msgspec.Struct, frozen=True):
    """How many days back changes are told; None is everything."""

    depth: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS)] | None = None

    def since(self, now: datetime) -> datetime | None:
        """From the beginning of that day: between two pages nothing ends to be told."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return None if self.depth is None else midnight - timedelta(days=self.depth)


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor at one place of work."""

    employee: Employee
    division: Division
    legal_entity: LegalEntity
    is_available: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A division with its legal entity and what is offered in it."""

    division: Division
    legal_entity: LegalEntity
    services: Sequence[HealthcareService]


@dataclass(frozen=True, slots=True)
class Service:
    """What somebody gives, and where."""

    service: HealthcareService
    division: Division
    legal_entity: LegalEntity


@dataclass(frozen=True, slots=True)
class Workplace:
    """One of the offices of a doctor, with what is given in it."""

    employee: Employee
    services: Sequence[Service]


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who treats, with the offices they hold now."""

    party: Party
    offices: Sequence[Employee]


@dataclass(frozen=True, slots=True)
class Load:
    """How many declarations a doctor may have and has."""

    party_id: UUID
    limit: int
    count: int


@dataclass(frozen=True, slots=True)
class DoctorInPerson:
    """A doctor with all places of work."""

    party: Party
    workplaces: Sequence[Workplace]
    is_available: bool


def is_available(offices: Sequence[Employee], specialities: Sequence[str], limits: Mapping[str, int]) -> bool:
    """Whether one more patient may declare with somebody who holds these offices (DC-17).

    Declarations are taken in the office of a DOCTOR (DC-4); their number over all workplaces is below the smallest
    limit among the specialities of all offices.
    """
    taking = [each for each in offices if each.employee_type == EmployeeType.DOCTOR]
    limit = declaration_limit(specialities, limits)
    return bool(taking) and limit is not None and taking[0].party.declaration_count < limit


def all_training(employees: Sequence[Employee]) -> Training:
    """What somebody learned, told once, though each of their offices repeats it."""
    blocks = [each.education for each in employees]
    return Training(
        educations=_once(each for block in blocks for each in block.educations),
        specialities=_once(each for block in blocks for each in block.specialities),
        qualifications=_once(each for block in blocks for each in block.qualifications),
        science_degree=next((block.science_degree for block in blocks if block.science_degree), None),
    )


def name_patterns(words: str) -> list[str]:
    """For SQL's `like`: each word of a plain name somewhere in a name, in any order."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{word}%" for word in escaped.split()]


def _once(items: Iterable[T]) -> tuple[T, ...]:
    found: list[T] = []
    for each in items:
        if each not in found:
            found.append(each)
    return tuple(found)
