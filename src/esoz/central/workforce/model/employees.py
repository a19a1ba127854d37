"""Parties and employees: their shapes, statuses and rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Phone
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import Conflict
from esoz.spec.employees import OWNERS


class Status(StrEnum):
    APPROVED = "APPROVED"
    DISMISSED = "DISMISSED"
    REORGANIZED = "REORGANIZED"


MOVES = {
    Status.APPROVED: frozenset({Status.DISMISSED, Status.REORGANIZED}),
    Status.DISMISSED: frozenset[Status](),
    Status.REORGANIZED: frozenset[Status](),
}


class EmployeeType(StrEnum):
    """Kinds of employees that rules name; others are codes of EMPLOYEE_TYPE."""

    OWNER = "OWNER"
    PHARMACY_OWNER = "PHARMACY_OWNER"
    DOCTOR = "DOCTOR"
    SPECIALIST = "SPECIALIST"
    ASSISTANT = "ASSISTANT"
    PHARMACIST = "PHARMACIST"


# Those who treat: in 2019 doctors only (EN-4); today's roles with the scope encounter:write are these.
MEDICAL_TYPES = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR"})


class PartyDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document that proves who a party is."""

    type: str
    number: str
    issued_by: str | None = None
    issued_at: date | None = None


class Education(msgspec.Struct, frozen=True, omit_defaults=True):
    country: str
    city: str
    institution_name: str
    diploma_number: str
    degree: str
    speciality: str
    issued_date: date | None = None


class Qualification(msgspec.Struct, frozen=True, omit_defaults=True):
    type: str
    institution_name: str
    speciality: str
    issued_date: date
    certificate_number: str
    valid_to: date | None = None
    additional_info: str | None = None


class Speciality(msgspec.Struct, frozen=True, omit_defaults=True):
    """A speciality; the one with `speciality_officio` is what the employee is hired as."""

    speciality: str
    speciality_officio: bool
    level: str
    qualification_type: str
    attestation_name: str
    attestation_date: date
    certificate_number: str
    valid_to_date: date | None = None


class ScienceDegree(msgspec.Struct, frozen=True, omit_defaults=True):
    country: str
    city: str
    degree: str
    institution_name: str
    diploma_number: str
    speciality: str
    issued_date: date | None = None


class Training(msgspec.Struct, frozen=True, omit_defaults=True):
    """The block `doctor`, `pharmacist`…: what an employee learned."""

    educations: Sequence[Education] = ()
    specialities: Sequence[Speciality] = ()
    qualifications: Sequence[Qualification] = ()
    science_degree: ScienceDegree | None = None


NO_TRAINING = Training()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A human being who works somewhere; may be employed more than once."""

    id: UUID
    first_name: str
    last_name: str
    birth_date: date
    gender: str
    tax_id: str
    inserted_at: datetime
    updated_at: datetime
    second_name: str | None = None
    no_tax_id: bool = False
    email: str | None = None
    documents: Sequence[PartyDocument] = ()
    phones: Sequence[Phone] = ()
    working_experience: int | None = None
    about_myself: str | None = None
    verification_status: str = "NOT_VERIFIED"
    minfin_validation_status: str = "NOT_VERIFIED"
    declaration_count: int = 0

    @property
    def full_name(self) -> str:
        """Last, first, second name."""
        return " ".join(name for name in (self.last_name, self.first_name, self.second_name) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A party in a position of a legal entity; `speciality` is the one of the office."""

    id: UUID
    party: Party
    legal_entity_id: UUID
    employee_type: str
    position: str
    status: Status
    start_date: date
    inserted_at: datetime
    updated_at: datetime
    division_id: UUID | None = None
    speciality: str | None = None
    speciality_level: str | None = None
    education: Training = NO_TRAINING
    status_reason: str | None = None
    is_active: bool = True
    minfin_validation_status: str = "NOT_VERIFIED"
    end_date: date | None = None

    @property
    def works(self) -> bool:
        """Whether this employee may act now."""
        return self.is_active and self.status is Status.APPROVED

    def worked_at(self, moment: datetime) -> bool:
        """Whether this employee could act then: now still, or dismissed later than that (EM-25 writes the last day)."""
        if not self.is_active or self.status is not Status.DISMISSED or self.end_date is None:
            return self.works
        return moment < self.updated_at and kyiv_date(moment) <= self.end_date


def must_be_dismissible(employee: Employee, *, with_owner: bool = False) -> None:
    """Raise Conflict with the published texts unless the employee may be dismissed (EM-22)."""
    # EM-22, the text about owners by the API of 2026; an owner goes with the legal entity.
    if employee.employee_type in OWNERS and not with_owner:
        raise Conflict("Owner can't be deactivated")
    if not employee.works:
        raise Conflict("Employee is DEACTIVATED and cannot be updated.")


def officio(specialities: Sequence[Speciality]) -> Speciality | None:
    """The speciality of the office; None unless there is exactly one (EM-3)."""
    chosen = [each for each in specialities if each.speciality_officio]
    return chosen[0] if len(chosen) == 1 else None


@lru_cache(maxsize=8)
def read_limits(text: str) -> Mapping[str, int]:
    """Limits as the setting has them, «PEDIATRICIAN=900 THERAPIST=2000». Raises ValueError for anything else."""
    # DC-17: how many declarations a doctor of a speciality may have.
    pairs = [each.partition("=") for each in text.split()]
    if not all(name and number.isascii() and number.isdecimal() for name, _, number in pairs):
        raise ValueError(f"no limits of declarations: {text}")
    return MappingProxyType({name: int(number) for name, _, number in pairs})


def declaration_limit(specialities: Sequence[str], limits: Mapping[str, int]) -> int | None:
    """The smallest limit among specialities; None when none of them may have declarations."""
    # DC-17: the smallest limit among the party's specialities.
    return min((limits[each] for each in specialities if each in limits), default=None)


_WITHOUT_TAX_ID = re.compile(r"(?:\d{9}|[А-ЯЁЄІЇҐA-Z]{2}\d{6})", re.ASCII)


def is_document_for_tax_id(number: str) -> bool:
    """EM-7: who refused the tax id gives a passport, nine digits or two letters and six digits."""
    return _WITHOUT_TAX_ID.fullmatch(number) is not None


def age(birth_date: date, today: date) -> int:
    """Whole years by the calendar (PS-15): one born on 29 February has the birthday on 1 March of a common year."""
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday)


class EmployeeFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    legal_entity_id: UUID | None = None
    edrpou: str | None = None
    division_id: UUID | None = None
    party_id: UUID | None = None
    tax_id: str | None = None
    no_tax_id: bool | None = None
    verification_status: str | None = None
    status: str | None = None
    employee_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetails:
    """What is told of the human being."""

    first_name: str
    last_name: str
    birth_date: date
    gender: str
    tax_id: str
    email: str
    documents: Sequence[PartyDocument]
    phones: Sequence[Phone]
    second_name: str | None = None
    no_tax_id: bool = False
    working_experience: int | None = None
    about_myself: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeDetails:
    """What is told of the position; `training` is the block `doctor`, `pharmacist`…"""

    party: PartyDetails
    employee_type: str
    position: str
    start_date: date
    division_id: UUID | None = None
    training: Training | None = None
