"""What a care plan plans: medicines, services and devices, how much of them, and what is left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.amounts import amount_faults
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault, none_chosen, one_too_many
from esoz.kernel.fhir import CodeableConcept, Period, Reference
from esoz.kernel.states import move

from .plans import CarePlan, kind_faults

CANCEL_REASONS = "eHealth/care_plan_activity_cancel_reasons"
COMPLETE_REASONS = "eHealth/care_plan_activity_complete_reasons"
OUTCOMES = "eHealth/care_plan_activity_outcomes"
FOR_REQUEST = "for_request"  # what is left is counted by requests, not by what was given by them
SCHEDULES = ("scheduled_timing", "scheduled_period", "scheduled_string")


class Kind(StrEnum):
    SERVICE = "service_request"
    MEDICATION = "medication_request"
    DEVICE = "device_request"


class Status(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


# CP-5
MOVES = {
    Status.SCHEDULED: frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.CANCELLED}),
    Status.COMPLETED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
}
# CP-8: what each kind asks for, in which units.
PRODUCTS: Mapping[Kind, frozenset[str]] = {
    Kind.SERVICE: frozenset({"service", "service_group"}),
    Kind.MEDICATION: frozenset({"medication"}),
    Kind.DEVICE: frozenset({"device_definition"}),
}
UNITS: Mapping[Kind, str] = {
    Kind.SERVICE: "SERVICE_UNIT",
    Kind.MEDICATION: "MEDICATION_UNIT",
    Kind.DEVICE: "device_unit",
}
KINDS: Mapping[str, frozenset[str]] = {
    "author": frozenset({"employee"}),
    "care_plan": frozenset({"care_plan"}),
    "program": frozenset({"medical_program"}),
    "location": frozenset({"division"}),
    "performer": frozenset({"employee"}),
    "reason_reference": frozenset({"condition", "observation", "diagnostic_report", "clinical_impression"}),
}


class Quantity(msgspec.Struct, frozen=True, omit_defaults=True):
    value: Decimal
    system: str | None = None
    code: str | None = None


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is planned; `scheduled_timing` and the texts are kept as signed."""

    kind: Kind
    do_not_perform: bool
    status: str
    product_reference: Reference | None = None
    product_codeable_concept: CodeableConcept | None = None
    quantity: Quantity | None = None
    daily_amount: Quantity | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    goal: tuple[CodeableConcept, ...] = ()
    location: Reference | None = None
    performer: Reference | None = None
    program: Reference | None = None
    description: str | None = None
    scheduled_timing: Any = None
    scheduled_period: Period | None = None
    scheduled_string: str | None = None


class PrequalifiedActivity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is planned, before it is signed."""

    author: Reference
    care_plan: Reference
    detail: Detail


class NewActivity(PrequalifiedActivity, frozen=True, kw_only=True, omit_defaults=True):
    """A signed activity; its id is the client's."""

    id: UUID


class Why(msgspec.Struct, frozen=True):
    status_reason: CodeableConcept


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, and why it ends."""

    outcome_codeable_concept: tuple[CodeableConcept, ...]
    detail: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity that is kept; `used` is what the requests based on it ask for."""

    person_id: UUID
    id: UUID
    care_plan_id: UUID
    status: Status
    kind: Kind
    author_id: UUID
    legal_entity_id: UUID
    do_not_perform: bool
    content: Mapping[str, Any]
    signed_document: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    used: Decimal = Decimal(0)
    program_id: UUID | None = None
    product_id: UUID | None = None
    product_system: str | None = None
    product_code: str | None = None
    quantity: Decimal | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    status_reason: CodeableConcept | None = None
    outcome: Sequence[CodeableConcept] | None = None

    @property
    def is_open(self) -> bool:
        return self.status in (Status.SCHEDULED, Status.IN_PROGRESS)

    @property
    def remaining(self) -> Decimal | None:
        """CP-12: what is left for requests; None where no quantity is planned."""
        return None if self.quantity is None else self.quantity - self.used


def activity_faults(activity: PrequalifiedActivity, plan: CarePlan, root: str = "$") -> Faults:
    """CP-8, CP-9: what can be told of an activity by itself and beside its plan."""
    detail, at = activity.detail, f"{root}.detail"
    if detail.status != Status.SCHEDULED:
        yield fault(f"{at}.status", "value is not allowed in enum", rule="inclusion")
    if activity.care_plan.id != plan.id:
        yield fault(f"{root}.care_plan.identifier.value", "Care plan is not the one of the path")
    yield from _named_faults(activity, root)
    yield from _product_faults(detail, at)
    for name in ("quantity", "daily_amount"):
        yield from _quantity_faults(detail.kind, getattr(detail, name), f"{at}.{name}")
    yield from _schedule_faults(detail, plan, at)


def _named_faults(activity: PrequalifiedActivity, root: str) -> Faults:
    for name in KINDS:
        holder, at = (activity, root) if hasattr(activity, name) else (activity.detail, f"{root}.detail")
        value = getattr(holder, name)
        if isinstance(value, Reference):
            yield from kind_faults(name, f"{at}.{name}", value, KINDS)
        for number, each in enumerate(value if isinstance(value, tuple) else ()):
            yield from kind_faults(name, f"{at}.{name}[{number}]", each, KINDS)


def _product_faults(detail: Detail, at: str) -> Faults:
    named, code = detail.product_reference, detail.product_codeable_concept
    if named is not None and code is not None:
        yield one_too_many(
            f"{at}.product_codeable_concept", f"{at}.product_reference", f"{at}.product_codeable_concept"
        )
    elif named is None and code is None:
        yield none_chosen(at, f"{at}.product_reference", f"{at}.product_codeable_concept")
    elif named is not None and named.kind not in PRODUCTS[detail.kind]:
        entry = f"{at}.product_reference.identifier.type.coding[0].code"
        yield fault(entry, "value is not allowed in enum", rule="inclusion")
    elif code is not None and (detail.kind is not Kind.DEVICE or not code.code):
        yield fault(f"{at}.product_codeable_concept", "schema does not allow additional properties", rule="schema")


def _quantity_faults(kind: Kind, quantity: Quantity | None, entry: str) -> Faults:
    if quantity is None:
        return
    yield from amount_faults(f"{entry}.value", quantity.value, may_be_zero=False)
    if quantity.system not in (None, UNITS[kind]):
        yield fault(f"{entry}.system", "value is not allowed in enum", rule="inclusion")
    if kind is Kind.SERVICE and entry.endswith(".quantity") and quantity.value != quantity.value.to_integral_value():
        yield fault(f"{entry}.value", "Quantity of services must be an integer")


def _schedule_faults(detail: Detail, plan: CarePlan, at: str) -> Faults:
    given = [name for name in SCHEDULES if getattr(detail, name) is not None]
    if len(given) > 1:
        yield one_too_many(f"{at}.{given[1]}", *(f"{at}.{name}" for name in SCHEDULES))
    period = detail.scheduled_period
    if period is None:
        return
    if period.end is not None and period.end < period.start:
        yield fault(f"{at}.scheduled_period.end", "Period end date must be greater than or equal the start date")
    late = plan.ended_at is not None and (period.end or period.start) > plan.ended_at
    if period.start < plan.started_at or late:
        yield fault(f"{at}.scheduled_period", "Activity scheduled period must be within care plan period")


def moved(activity: Activity, target: Status, now: datetime, by: UUID) -> Mapping[str, Any]:
    """CP-5: the columns of another status. Raises Conflict."""
    message = f"Care plan activity in status {activity.status} cannot be {target}"
    return {
        "status": move(MOVES, activity.status, target, message=message),
        "updated_at": now,
        "updated_by": by,
    }


def must_be_cancelable(requests: int) -> None:
    """CP-11: an activity on which requests stand is completed, not cancelled. Raises Conflict."""
    if requests:
        raise Conflict("Care plan activity has active requests")


def must_have_no_open(open_statuses: Collection[Status]) -> None:
    """CP-11: a plan ends after all that it plans. Raises Conflict."""
    if open_statuses:
        raise Conflict("Care plan has scheduled or in progress activities")


def must_have_completed(statuses: Collection[Status]) -> None:
    """CP-11: a plan of which nothing was done is cancelled. Raises Conflict."""
    if Status.COMPLETED not in statuses:
        raise Conflict("Care plan has no completed activities")


def outcome_faults(completion: Completion, codes: Collection[str] | None) -> Faults:
    """CP-11: what came of it is told."""
    if not completion.outcome_codeable_concept:
        yield fault("$.outcome_codeable_concept", "expected a minimum of 1 items but got 0", rule="length")
    for number, each in enumerate(completion.outcome_codeable_concept):
        entry = f"$.outcome_codeable_concept[{number}].coding[0]"
        if each.system != OUTCOMES:
            yield fault(f"{entry}.system", "value is not allowed in enum", rule="inclusion")
        elif codes is not None and each.code not in codes:
            yield fault(f"{entry}.code", f"value is not allowed in dictionary {OUTCOMES}", rule="inclusion")
