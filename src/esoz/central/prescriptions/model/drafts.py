"""Drafts of prescriptions (on the wire: medication request requests): what a doctor asks for, and may they."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from esoz.central.care_plans import Kind, Wish, named_pair
from esoz.central.programmes import Settings
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, rejected

LIFETIME = timedelta(minutes=30)  # MR-13
DELAY_INPUT = timedelta(days=3)  # MR-4: how late a prescription may be typed in
LONG_COURSE_DAYS, EARLY_FOR_LONG, EARLY_FOR_SHORT = 21, timedelta(days=7), timedelta(days=3)  # MR-8
# MR-2; the 2019 source spelled the second one "MPS_PHARMACY", so that a clinic with a pharmacy could not prescribe.
PRESCRIBING_TYPES = frozenset({"MSP", "MSP_PHARMACY", "PRIMARY_CARE", "OUTPATIENT"})
ROOT = "$.medication_request_request"

CLINIC_INACTIVE = "Only active legal entity with type MSP can provide medication request!"
ONLY_DOCTORS = "Only active employee with type DOCTOR can create medication request!"
ONLY_ACTIVE_DIVISIONS = "Only employee of active divisions can create medication request!"
ONLY_WITH_DECLARATION = "Only doctors with an active declaration with the patient can create medication request!"
NO_DECLARATION_HERE = "Not found active declaration with person for this legal entity!"
TOO_EARLY = "It's to early to create new medication request for such innm_dosage and medical_program_id"
NOTHING_IN_PROGRAMME = "Not found any medications allowed for create medication request for this medical program!"
INDIVISIBLE = "The amount of medications in medication request must be divisible to package minimum quantity"

# MR-15: prequalify has its own words for two refusals.
NOT_IN_LIST = "Innm not on the list of approved innms for program '{}' !"
ONLY_ONE = (
    "It can be only 1 active/ completed medication request request or"
    " medication request per one innm for the same patient at the same period of time!"
)


class Status(StrEnum):
    NEW = "NEW"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


MOVES = {
    Status.NEW: frozenset({Status.SIGNED, Status.REJECTED, Status.EXPIRED}),
    Status.SIGNED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}


class Intent(StrEnum):
    """`plan` cannot be dispensed: no code, no qualify, no resend, no dates of dispensing (MR-1)."""

    PLAN = "plan"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the doctor asks for; parts that only travel to the answer stay as they came."""

    person_id: UUID
    employee_id: UUID
    division_id: UUID
    created_at: date
    started_at: date
    ended_at: date
    medication_id: UUID
    medication_qty: Decimal
    intent: Intent
    category: str
    encounter_id: UUID
    context: Mapping[str, object]
    dosage_instruction: Sequence[Mapping[str, object]]
    medical_program_id: UUID | None = None
    inform_with: UUID | None = None
    care_plan_id: UUID | None = None
    activity_id: UUID | None = None
    based_on: Sequence[Mapping[str, object]] | None = None
    priority: str | None = None
    prior_prescription: Mapping[str, object] | None = None
    prior_prescription_id: UUID | None = None
    container_dosage: Mapping[str, object] | None = None
    note: str | None = None

    @property
    def is_plan(self) -> bool:
        return self.intent is Intent.PLAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A stored draft. `content` is what the doctor sees and signs, as published, with the status NEW."""

    id: UUID
    person_id: UUID
    status: Status
    request_number: str
    intent: Intent
    legal_entity_id: UUID
    division_id: UUID
    employee_id: UUID
    medication_id: UUID
    medication_qty: Decimal
    encounter_id: UUID
    created_at: date
    started_at: date
    ended_at: date
    region: str
    content: Mapping[str, object]
    expires_at: datetime
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    medical_program_id: UUID | None = None
    episode_id: UUID | None = None
    care_plan_id: UUID | None = None
    activity_id: UUID | None = None
    inform_with: UUID | None = None
    dispense_valid_from: date | None = None
    dispense_valid_to: date | None = None
    follows: UUID | None = None  # of a series: the one before it, and its place
    series_place: int | None = None

    def status_at(self, now: datetime) -> Status:
        """NEW ends by itself after half an hour, whether or not the periodic task has been here (MR-13)."""
        return Status.EXPIRED if self.status is Status.NEW and now >= self.expires_at else self.status


@dataclass(frozen=True, slots=True)
class Prescriber:
    """What the rules ask about the doctor."""

    employee_type: str
    status: str
    is_active: bool
    legal_entity_id: UUID
    specialities: frozenset[str]


@dataclass(frozen=True, slots=True)
class EarlierCourse:
    """The patient's last prescription of the same substance in the same programme."""

    started_at: date
    ended_at: date

    @property
    def days(self) -> int:
        """Days of treatment: the first and the last are two of them. The 2019 source counted the nights between."""
        return (self.ended_at - self.started_at).days + 1


def must_have_good_dates(order: Order, days: Days) -> None:
    """MR-4: the order of the three dates, every breach with its own text."""
    faults = {
        "ended_at": "Ended date must be >= Started date!" if order.ended_at < order.started_at else "",
        "started_at": _start_fault(order, days),
        "created_at": _creation_fault(order.created_at, days),
    }
    invalid = tuple(Invalid(f"{ROOT}.{name}", "invalid", message) for name, message in faults.items() if message)
    if invalid:
        raise Rejected(invalid=invalid)


def _start_fault(order: Order, days: Days) -> str:
    if order.started_at < order.created_at:
        return "Started date must be >= Created date!"
    return "Started date must be >= Current date!" if order.started_at < days.earliest else ""


def _creation_fault(created_at: date, days: Days) -> str:
    if created_at < days.earliest - DELAY_INPUT:
        return "Create date must be >= Current date - MRR delay input!"
    # The 2019 source let it be in the future, and the days of dispensing with it.
    return "Create date must be <= Current date!" if created_at > days.latest else ""


def must_name_programme(order: Order) -> None:
    """MR-1: what may be dispensed is prescribed by a programme; a plan needs none."""
    if not order.is_plan and order.medical_program_id is None:
        entry = f"{ROOT}.medical_program_id"
        raise rejected(entry, "required property medical_program_id was not present", rule="required")


def must_fit_period(order: Order, settings: Settings) -> None:
    """MR-22: `medication_request_max_period_day` of the programme: the longest course, in days."""
    longest = settings.medication_request_max_period_day
    if longest is not None and (order.ended_at - order.started_at).days > longest:
        raise rejected(
            f"{ROOT}.ended_at",
            "Period between started_at and ended_at exceeds the maximum of the medical program",
            params=[longest],
        )


def dispense_dates(order: Order, settings: Settings, opens: date | None = None) -> tuple[date | None, date | None]:
    """MR-5: first and last day of dispensing; none for a plan. `opens`: the first one of a prescription of a series."""
    if order.is_plan:
        return None, None
    first = opens or order.created_at
    return first, first + timedelta(days=settings.dispense_period)


def must_be_prescribing(legal_entity_type: str, status: str) -> None:
    """MR-2: the clinic works, and is of a kind that prescribes."""
    if status != "ACTIVE" or legal_entity_type not in PRESCRIBING_TYPES:
        raise Conflict(CLINIC_INACTIVE)


def must_be_working(prescriber: Prescriber, legal_entity_id: UUID) -> None:
    """MR-2: an approved employee of this very clinic."""
    works = prescriber.status == "APPROVED" and prescriber.is_active
    if not works or prescriber.legal_entity_id != legal_entity_id:
        raise rejected(f"{ROOT}.employee_id", ONLY_DOCTORS)


def must_be_in_programme(prescriber: Prescriber, settings: Settings) -> None:
    """MR-22: Who may prescribe by the programme: kinds of employees and specialities."""
    types = settings.employee_types_to_create_medication_request
    if not settings.skip_employee_validation and prescriber.employee_type not in types:
        raise rejected(f"{ROOT}.employee_id", ONLY_DOCTORS)
    allowed = settings.specialities
    if allowed is not None and prescriber.specialities.isdisjoint(allowed):
        raise rejected(f"{ROOT}.employee_id", "Employee's speciality doesn't match the medical program")


def must_have_declaration(settings: Settings, *, with_employee: bool, with_clinic: bool) -> None:
    """MR-3 and the two settings that waive it: with the doctor; else with the clinic; else none at all."""
    if not settings.skip_medication_request_employee_declaration_verify:
        if not with_employee:
            raise Forbidden(ONLY_WITH_DECLARATION)
    elif not settings.skip_medication_request_legal_entity_declaration_verify and not with_clinic:
        raise NotFound(NO_DECLARATION_HERE)


def must_be_in_care_plan(order: Order, settings: Settings) -> None:
    """MR-22: `care_plan_required`: the prescription carries out an activity of a care plan."""
    if settings.care_plan_required and order.care_plan_id is None:
        raise rejected(f"{ROOT}.based_on", "Care plan is required by the medical program")


def must_have_condition(settings: Settings, conditions: Mapping[str, frozenset[str]]) -> None:
    """MR-22: The diagnoses of the encounter, by coding system, must include one that the programme is for."""
    wanted = {
        "eHealth/ICD10_AM/condition_codes": settings.conditions_icd10_am_allowed,
        "eHealth/ICPC2/condition_codes": settings.conditions_icpc2_allowed,
    }
    lists = {system: codes for system, codes in wanted.items() if codes is not None}
    if lists and not any(conditions.get(system, frozenset()) & set(codes) for system, codes in lists.items()):
        raise rejected(f"{ROOT}.context.identifier.value", "Diagnoses of the encounter don't match the medical program")


def must_have_unique_sequence(instructions: Sequence[Mapping[str, object]]) -> None:
    """MR-10: instructions are numbered without repetition."""
    seen: set[object] = set()
    for place, instruction in enumerate(instructions):
        number = instruction.get("sequence")
        if number in seen:
            raise rejected(f"{ROOT}.dosage_instruction[{place}].sequence", "Sequence must be unique")
        seen.add(number)


@dataclass(frozen=True, slots=True)
class FirstDay:
    """From when the next prescription may be written, and from when its course may begin."""

    created_at: date
    started_at: date


def first_day(earlier: EarlierCourse) -> FirstDay:
    """MR-8: seven days before the end of a course of 21 days and more, three days before that of a shorter one."""
    early = EARLY_FOR_LONG if earlier.days >= LONG_COURSE_DAYS else EARLY_FOR_SHORT
    return FirstDay(earlier.ended_at - early, earlier.ended_at + timedelta(days=1))


def is_too_early(order: Order, earlier: EarlierCourse | None, today: date) -> bool:
    """MR-8: the previous course must be over, or nearly over, by its length."""
    if earlier is None:
        return False
    first = first_day(earlier)
    if order.started_at < first.started_at:
        return True
    return earlier.ended_at >= today and order.created_at < first.created_at


def wish_of(order: Order | Draft, request_id: UUID, root: str = "$") -> Wish | None:
    """CP-12: what a prescription takes of a care plan; None when it stands on none."""
    place = f"{root}.based_on"
    pair = named_pair(order.care_plan_id, order.activity_id, place)
    if pair is None:
        return None
    return Wish(
        kind=Kind.MEDICATION,
        request_id=request_id,
        care_plan_id=pair[0],
        activity_id=pair[1],
        place=place,
        product_id=order.medication_id,
        quantity=order.medication_qty,
        first=order.started_at,
        last=order.ended_at,
    )


def must_have_prior(is_known: bool) -> None:
    """The prescription that this one follows is one of the same patient."""
    if not is_known:
        raise rejected(f"{ROOT}.prior_prescription.identifier.value", "Prior prescription not found")
