"""A care plan as its doctor signs it, its states, its number and its term."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault
from esoz.kernel.fhir import CodeableConcept, Period, Reference
from esoz.kernel.states import move

CANCEL_REASONS = "eHealth/care_plan_cancel_reasons"
COMPLETE_REASONS = "eHealth/care_plan_complete_reasons"
# Letters that nobody takes for another one or for a digit, as in numbers of prescriptions and devices.
ALPHABET = "0123456789AEHKMPTX"
# Who may write one: the types of employees whose roles have the scope care_plan:write.
WRITERS = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR"})
# What each reference of a plan may point at.
KINDS: Mapping[str, frozenset[str]] = {
    "based_on": frozenset({"care_plan"}),
    "part_of": frozenset({"care_plan"}),
    "encounter": frozenset({"encounter"}),
    "author": frozenset({"employee"}),
    "contributor": frozenset({"employee"}),
    "supporting_info": frozenset({"episode", "episode_of_care", "procedure", "diagnostic_report"}),
}


class Status(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


# CP-5
MOVES = {
    Status.NEW: frozenset({Status.ACTIVE, Status.CANCELLED, Status.TERMINATED}),
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.CANCELLED, Status.TERMINATED}),
    Status.COMPLETED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
    Status.TERMINATED: frozenset[Status](),
}


class InformWith(msgspec.Struct, frozen=True, omit_defaults=True):
    """By which of their authentication methods the patient is told."""

    auth_method_id: UUID | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A signed care plan; its id is the client's."""

    id: UUID
    status: str
    intent: str
    category: CodeableConcept
    title: str
    period: Period
    encounter: Reference
    addresses: tuple[CodeableConcept, ...]
    author: Reference
    terms_of_service: CodeableConcept
    description: str | None = None
    note: str | None = None
    based_on: Reference | None = None
    part_of: Reference | None = None
    contributor: tuple[Reference, ...] = ()
    supporting_info: tuple[Reference, ...] = ()
    inform_with: InformWith | None = None

    @property
    def method_id(self) -> UUID | None:
        return self.inform_with.auth_method_id if self.inform_with else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlan:
    """A care plan that is kept."""

    person_id: UUID
    id: UUID
    requisition: str
    status: Status
    category: str
    started_at: datetime
    encounter_id: UUID
    author_id: UUID
    legal_entity_id: UUID
    addresses: Sequence[str]
    content: Mapping[str, Any]
    signed_document: str
    history: Sequence[Mapping[str, Any]]
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    ended_at: datetime | None = None
    episode_id: UUID | None = None
    based_on: UUID | None = None
    part_of: UUID | None = None
    inform_with: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.status in (Status.NEW, Status.ACTIVE)

    def is_over_at(self, now: datetime) -> bool:
        """CP-14: its period has ended, whether or not the periodic task has been here."""
        return self.ended_at is not None and now > self.ended_at


def kind_faults(name: str, place: str, each: Reference, kinds: Mapping[str, frozenset[str]]) -> Faults:
    """An id alone does not say what it is of."""
    if each.kind not in kinds[name]:
        yield fault(f"{place}.identifier.type.coding[0].code", "value is not allowed in enum", rule="inclusion")


def form_faults(plan: Plan, now: datetime) -> Faults:
    """CP-1, CP-3: what the published shape leaves open: words, how many, the kinds of references, the period."""
    if plan.status != Status.NEW:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")
    for name in ("category", "terms_of_service"):
        if not getattr(plan, name).code:
            yield fault(f"$.{name}.coding", "expected at least 1 items", rule="length")
    if not plan.addresses or not all(each.code for each in plan.addresses):
        yield fault("$.addresses", "expected at least 1 items", rule="length")
    if not plan.title.strip():
        yield fault("$.title", "can't be blank", rule="required")
    yield from _kind_faults(plan)
    end = plan.period.end
    if end is not None and end < plan.period.start:
        yield fault("$.period.end", "Period end date must be greater than or equal the start date")
    elif end is not None and end <= now:
        yield fault("$.period.end", "Care Plan end date must be in the future")


def _kind_faults(plan: Plan) -> Faults:
    for name in KINDS:
        value = getattr(plan, name)
        if isinstance(value, Reference):
            yield from kind_faults(name, f"$.{name}", value, KINDS)
        for number, each in enumerate(value if isinstance(value, tuple) else ()):
            yield from kind_faults(name, f"$.{name}[{number}]", each, KINDS)


def diagnosis_faults(plan: Plan, diagnoses: Collection[tuple[str, str]]) -> Faults:
    """CP-2: a plan is for what the visit has found."""
    for number, each in enumerate(plan.addresses):
        if (each.system, each.code) not in diagnoses:
            entry = f"$.addresses[{number}].coding[0].code"
            yield fault(entry, "Care plan diagnosis is not defined in the encounter")


def related_faults(name: str, plan: CarePlan | None) -> Faults:
    """CP-4: a plan may stand on, or belong to, a plan of the same patient that goes on."""
    entry = f"$.{name}.identifier.value"
    if plan is None:
        yield fault(entry, "Care plan with such id is not found")
    elif not plan.is_open:
        yield fault(entry, "Care plan is not active")


def new_requisition(random: Callable[[int], bytes]) -> str:
    """CP-6: sixteen signs by chance; that no two are the same is the look-up table's to keep."""
    chance = int.from_bytes(random(16))
    signs = []
    for _ in range(16):
        chance, place = divmod(chance, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))


def must_be_open(plan: CarePlan, now: datetime) -> None:
    """CP-7: activities are added to, and requests stand on, a plan that goes on. Raises Conflict."""
    if not plan.is_open:
        raise Conflict("Invalid care plan status")
    if plan.is_over_at(now):
        raise Conflict("Care Plan end date is expired")


def moved(
    plan: CarePlan, target: Status, now: datetime, by: UUID, reason: CodeableConcept | None = None
) -> Mapping[str, Any]:
    """CP-5: the columns of another status, with its line in the history. Raises Conflict."""
    message = f"Care plan in status {plan.status} cannot be {target}"
    line = history_line(target, now, by, reason)
    return {
        "status": move(MOVES, plan.status, target, message=message),
        "history": (*plan.history, line),
        "updated_at": now,
        "updated_by": by,
    }


def history_line(status: Status, now: datetime, by: UUID, reason: CodeableConcept | None = None) -> Mapping[str, Any]:
    line: dict[str, Any] = {"status": status, "inserted_at": now, "inserted_by": by}
    if reason is not None:
        line["status_reason"] = reason
    shown: Mapping[str, Any] = msgspec.to_builtins(line)
    return shown


def reason_faults(reason: CodeableConcept, system: str, codes: Collection[str] | None, entry: str) -> Faults:
    """CP-11: why, by a code of the dictionary published for it; any code where nobody has published its codes."""
    if reason.system != system:
        yield fault(f"{entry}.coding[0].system", "value is not allowed in enum", rule="inclusion")
    elif codes is not None and reason.code not in codes:
        message = f"value is not allowed in dictionary {system}"
        yield fault(f"{entry}.coding[0].code", message, rule="inclusion")
