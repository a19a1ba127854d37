"""Medical programmes and what takes part in them: their settings steer nearly every rule of a prescription."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.medications import Medication
from esoz.kernel.amounts import amount_faults
from esoz.kernel.errors import Conflict

DISPENSE_PERIOD_DAYS = 30  # when the programme says nothing: dispense_valid_to = dispense_valid_from + 30 days
NHS = "NHS"  # funding source: the state pays, so prices must come with a dispense


class Event(StrEnum):
    PROGRAMMES_READ = "medical_program.read"
    PROGRAMME_MADE = "medical_program.made"
    PARTICIPANTS_IMPORTED = "program_medication.imported"
    PROGRAMME_ENDED = "medical_program.ended"
    DRUGS_READ = "drug.read"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`Medical_program_settings` as published; a list that is absent allows everything."""

    care_plan_required: bool = False
    employee_types_to_create_medication_request: tuple[str, ...] = ("DOCTOR",)
    skip_mnn_in_treatment_period: bool = False
    skip_employee_validation: bool = False
    speciality_types_allowed: tuple[str, ...] | None = None
    speciality_types_request_allowed: tuple[str, ...] | None = None
    speciality_types_care_plan_activity_allowed: tuple[str, ...] | None = None
    conditions_icd10_am_allowed: tuple[str, ...] | None = None
    conditions_icpc2_allowed: tuple[str, ...] | None = None
    providing_conditions_allowed: tuple[str, ...] | None = None
    medication_request_max_period_day: int | None = None
    skip_medication_request_employee_declaration_verify: bool = False
    skip_medication_request_legal_entity_declaration_verify: bool = False
    multi_medication_dispense_allowed: bool = False
    skip_medication_dispense_sign: bool = False
    medication_request_notification_disabled: bool = False
    skip_contract_provision_verify: bool = False
    medication_dispense_period_day: int | None = None
    medical_program_change_on_dispense_allowed: bool = False
    patient_categories_allowed: tuple[str, ...] | None = None
    license_types_allowed: tuple[str, ...] | None = None
    device_request_allowed_code_types: tuple[str, ...] | None = None
    request_notification_disabled: bool = False
    skip_dispense_division_dls_verify: bool = False

    @property
    def dispense_period(self) -> int:
        """Days from the first to the last day of dispensing."""
        return self.medication_dispense_period_day or DISPENSE_PERIOD_DAYS

    @property
    def specialities(self) -> tuple[str, ...] | None:
        """Specialities that may prescribe; the newer list wins over the older one."""
        return self.speciality_types_request_allowed or self.speciality_types_allowed

    @property
    def notifies(self) -> bool:
        """Whether the patient gets messages about prescriptions."""
        return not (self.medication_request_notification_disabled or self.request_notification_disabled)


WITHOUT_PROGRAMME = Settings()  # plans are written outside programmes


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """A medical programme: who pays for what, under which rules."""

    id: UUID
    name: str
    type: str
    funding_source: str
    mr_blank_type: str
    settings: Settings
    is_active: bool
    medication_request_allowed: bool
    medication_dispense_allowed: bool
    inserted_at: datetime
    updated_at: datetime
    inserted_by: UUID | None = None  # None: made by the operator of the system
    updated_by: UUID | None = None
    settings_text: str | None = None
    medication_request_allowed_text: str | None = None
    medication_dispense_allowed_text: str | None = None

    @property
    def paid_by_nhs(self) -> bool:
        return self.funding_source == NHS


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A package or a dosage that takes part in a programme; amounts are hryvnias for one package."""

    id: UUID
    medical_program_id: UUID
    innm_dosage_id: UUID
    start_date: date
    medication_id: UUID | None = None
    is_active: bool = True
    medication_request_allowed: bool = True
    care_plan_activity_allowed: bool = False
    end_date: date | None = None
    registry_number: str | None = None
    reimbursement_amount: Decimal = Decimal(0)
    reimbursement_daily_dosage: Decimal | None = None
    wholesale_price: Decimal | None = None
    consumer_price: Decimal | None = None
    estimated_payment_amount: Decimal | None = None
    max_daily_dosage: Decimal | None = None
    package_qty_divisible: bool = False

    def takes_part(self, day: date) -> bool:
        """Whether the participation is active on this day; both ends belong to it."""
        return self.is_active and self.start_date <= day and (self.end_date is None or day <= self.end_date)


AMOUNTS = (
    "reimbursement_amount",
    "reimbursement_daily_dosage",
    "wholesale_price",
    "consumer_price",
    "estimated_payment_amount",
)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A package in a programme as a file tells it; amounts are hryvnias for one package."""

    medical_program_id: UUID
    medication_id: UUID
    start_date: date
    reimbursement_amount: Decimal
    end_date: date | None = None
    reimbursement_daily_dosage: Decimal | None = None
    wholesale_price: Decimal | None = None
    consumer_price: Decimal | None = None
    estimated_payment_amount: Decimal | None = None
    registry_number: str | None = None

    def faults(self) -> Iterator[str]:
        """DR-4: what the state pays is a part of the price, and the last day is not before the first."""
        for name in AMOUNTS:
            yield from (f"{name}: {fault.description}" for fault in amount_faults(name, getattr(self, name)))
        if self.end_date is not None and self.end_date < self.start_date:
            yield "it ends before it begins"
        if self.consumer_price is not None and _finite(self.reimbursement_amount) > _finite(self.consumer_price):
            yield "more is paid than it costs"


def _finite(amount: Decimal) -> Decimal:
    """A number that can be compared: one that is none has its fault already."""
    return amount if amount.is_finite() else Decimal(0)


# What takes part in a programme: a package, or the dosage itself.
Participation: TypeAlias = tuple[Participant, Medication | None]


class ProgrammeFilter(msgspec.Struct, frozen=True):
    """The published filters of the list of programmes; only active ones by default."""

    id: UUID | None = None
    name: str | None = None
    is_active: bool = True
    mr_blank_type: str | None = None
    type: str | None = None


class DrugFilter(msgspec.Struct, frozen=True):
    """The published filters of the drug search."""

    innm_id: UUID | None = None
    innm_name: str | None = None
    innm_sctid: str | None = None
    innm_dosage_form: str | None = None
    innm_dosage_id: UUID | None = None
    innm_dosage_name: str | None = None
    medication_code_atc: str | None = None
    medical_program_id: UUID | None = None
    mr_blank_type: str | None = None
    dosage_form_is_dosed: bool | None = None
    medication_request_allowed: bool | None = None
    care_plan_activity_allowed: bool | None = None

    def lets_in(self, participant: Participant) -> bool:
        """Whether a place in a programme is one that was asked for."""
        allowed = self.medication_request_allowed in (None, participant.medication_request_allowed)
        return allowed and self.care_plan_activity_allowed in (None, participant.care_plan_activity_allowed)


def must_allow_prescribing(programme: Programme) -> None:
    """MR-6: the programme is active and takes new prescriptions."""
    if not programme.is_active:
        raise Conflict("Medical program is not active")
    if not programme.medication_request_allowed:
        raise Conflict("Forbidden to create medication request for this medical program")


def must_allow_dispensing(programme: Programme) -> None:
    """MD-1: the programme is active and pharmacies may dispense by it."""
    if not programme.is_active:
        raise Conflict("Medical program is not active")
    if not programme.medication_dispense_allowed:
        raise Conflict("Forbidden to create medication dispense for this medical program")


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every package of an ATC group takes part from a day on; what the state pays for comes with its prices instead."""

    code_atc: str
    start_date: date


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A programme as an operator tells it: the published names, and which packages it enrols; `source` is the law."""

    id: UUID
    name: str
    funding_source: str
    mr_blank_type: str
    medical_program_settings: Settings
    type: str = "MEDICATION"
    medical_program_settings_text: str | None = None
    is_active: bool = True
    medication_request_allowed: bool = True
    medication_request_allowed_text: str | None = None
    medication_dispense_allowed: bool = True
    medication_dispense_allowed_text: str | None = None
    enrolled: tuple[Enrolment, ...] = ()
    source: str | None = None


def must_be_whole(definitions: Sequence[Definition], codes: Mapping[str, Collection[str] | None]) -> None:
    """Raise ValueError naming the first faults of a file; `codes` are those of the dictionaries, None where unknown."""
    repeated = [id for id, times in Counter(each.id for each in definitions).items() if times > 1]
    faults = [f"{id}: told twice" for id in repeated]
    faults += [f"{each.id}: {fault}" for each in definitions for fault in _faults(each, codes)]
    if faults:
        raise ValueError("; ".join(faults[:5]))


# Fields of a programme and the dictionaries that their codes are of.
DICTIONARIES: Mapping[str, str] = {
    "type": "MEDICAL_PROGRAM_TYPE",
    "funding_source": "FUNDING_SOURCE",
    "mr_blank_type": "MR_BLANK_TYPES",
}
SETTINGS_DICTIONARIES: Mapping[str, str] = {
    "employee_types_to_create_medication_request": "EMPLOYEE_TYPE",
    "license_types_allowed": "LICENSE_TYPE",
    "providing_conditions_allowed": "PROVIDING_CONDITION",
}
_DAYS = ("medication_request_max_period_day", "medication_dispense_period_day")


def _faults(definition: Definition, codes: Mapping[str, Collection[str] | None]) -> Iterator[str]:
    settings = definition.medical_program_settings
    if not definition.name.strip():
        yield "no name"
    for field, dictionary in DICTIONARIES.items():
        yield from _unknown(field, [getattr(definition, field)], codes[dictionary])
    for field, dictionary in SETTINGS_DICTIONARIES.items():
        yield from _unknown(field, getattr(settings, field) or (), codes[dictionary])
    for field in _DAYS:
        days = getattr(settings, field)
        if days is not None and days < 1:
            yield f"{field} is less than a day"


def _unknown(field: str, given: Sequence[str], known: Collection[str] | None) -> Iterator[str]:
    if known is not None:
        yield from (f"{field}: {code} is not in its dictionary" for code in given if code not in known)
