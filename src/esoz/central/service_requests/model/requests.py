"""A referral that was signed: its states, its number, its term, who may use it and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import KYIV, kyiv_date
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault, none_chosen
from esoz.kernel.fhir import CodeableConcept, Reference, concept
from esoz.kernel.states import move

DIGITS = "0123456789"
# What people and scanners put between the digits: spaces, hyphens and dashes.
TYPED = frozenset(DIGITS + " \u00a0\t-\u2010\u2011\u2012\u2013\u2014\u2212")
RECALL_REASONS = "eHealth/service_request_recall_reasons"
CANCEL_REASONS = "eHealth/service_request_cancel_reasons"
COMPLETE_REASONS = "eHealth/service_request_complete_reasons"
AUTOEXPIRED = "autoexpired"
# Who may write one: the types of employees whose roles have the scope service_request:write.
WRITERS = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR"})
COORDINATOR = "MED_COORDINATOR"
# Who may answer one: who treats, and who works in a laboratory.
PERFORMERS = WRITERS | {"LABORANT"}
ANSWERS = frozenset({"encounter", "diagnostic_report", "procedure"})


class Status(StrEnum):
    ACTIVE = "active"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    RECALLED = "recalled"
    ENTERED_IN_ERROR = "entered_in_error"


# SR-7; completed from ACTIVE too: that work goes on is told by the processing since "process" is deprecated.
MOVES = {
    Status.ACTIVE: frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.RECALLED, Status.ENTERED_IN_ERROR}),
    Status.IN_PROGRESS: frozenset({Status.ACTIVE, Status.COMPLETED}),
    Status.COMPLETED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.RECALLED: frozenset[Status](),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class Processing(StrEnum):
    """How far a programme's performer has come."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


PROCESSING_MOVES = {
    Processing.NEW: frozenset({Processing.IN_PROGRESS, Processing.CANCELLED}),
    Processing.IN_PROGRESS: frozenset({Processing.NEW, Processing.COMPLETED, Processing.CANCELLED}),
    Processing.COMPLETED: frozenset({Processing.CANCELLED}),
    Processing.CANCELLED: frozenset[Processing](),
}


class History(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a referral, each list the oldest first, spelled as published."""

    status: tuple[Mapping[str, Any], ...] = ()
    processing: tuple[Mapping[str, Any], ...] = ()
    legal_entities: tuple[Mapping[str, Any], ...] = ()
    employees: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """A referral. `used_by_*` say who took it; that alone is no status (SR-7)."""

    person_id: UUID
    id: UUID
    requisition: str
    status: Status
    intent: str
    category: str
    code_kind: str
    code_id: UUID
    requester_employee_id: UUID
    requester_legal_entity_id: UUID
    expires_at: datetime
    content: Mapping[str, Any]
    signed_document: str
    history: History
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID | None = None
    program_id: UUID | None = None
    program_processing_status: Processing | None = None
    program_service: Mapping[str, Any] | None = None
    encounter_id: UUID | None = None
    episode_id: UUID | None = None
    care_plan_id: UUID | None = None
    used_by_employee_id: UUID | None = None
    used_by_legal_entity_id: UUID | None = None
    used_by_division_id: UUID | None = None
    status_reason: CodeableConcept | None = None
    explanatory_letter: str | None = None
    completed_with: Mapping[str, Any] | None = None
    inform_with: UUID | None = None

    @property
    def is_used(self) -> bool:
        return self.used_by_legal_entity_id is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody may still answer it."""
        return self.status in (Status.ACTIVE, Status.IN_PROGRESS)

    def is_over_at(self, now: datetime) -> bool:
        """SR-5, SR-12: its term has passed before anybody took it; who took it in time may answer it later."""
        return self.status is Status.ACTIVE and not self.is_used and now > self.expires_at


class Usage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who takes a referral, and by which programme."""

    used_by_legal_entity: Reference
    used_by_employee: Reference | None = None
    used_by_division: Reference | None = None
    program: Reference | None = None


class Completion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a referral was answered with."""

    completed_with: Reference | None = None
    program_service: Reference | None = None
    status_reason: CodeableConcept | None = None


@dataclass(frozen=True, slots=True)
class Performer:
    """What the rules ask of the employee who is to answer a referral."""

    legal_entity_id: UUID
    employee_type: str
    works: bool


def new_requisition(random: Callable[[int], bytes]) -> str:
    """SR-6: sixteen digits by chance; that no two are the same is the look-up table's to keep."""
    digits = f"{int.from_bytes(random(16)) % 10**16:016}"
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def read_requisition(text: str) -> str | None:
    """A number as people type it, or a scanner reads it: only the digits count; None when it cannot be one."""
    digits = "".join(each for each in text if each in DIGITS)
    if len(digits) != 16 or not set(text) <= TYPED:
        return None
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


def end_of_term(now: datetime, days: int) -> datetime:
    """SR-5: the last second of the last day, in Kyiv."""
    last: date = kyiv_date(now) + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), tzinfo=KYIV).astimezone(UTC)


def must_be_usable(request: ServiceRequest, clinic: UUID | None, now: datetime) -> None:
    """SR-8, in this order. Raises Conflict. Who has taken it may give it to another of their people."""
    if request.is_over_at(now):
        raise Conflict("Service request is expired")
    if request.status is not Status.ACTIVE:
        raise Conflict("Can't use inactive service request")
    if request.is_used and request.used_by_legal_entity_id != clinic:
        raise Conflict("Service request is already used")


# What each reference of who takes or answers a referral may point at.
KINDS: Mapping[str, frozenset[str]] = {
    "used_by_legal_entity": frozenset({"legal_entity"}),
    "used_by_employee": frozenset({"employee"}),
    "used_by_division": frozenset({"division"}),
    "program": frozenset({"medical_program"}),
    "completed_with": ANSWERS,
    "program_service": frozenset({"program_service"}),
}


def kind_faults(named: Usage | Completion) -> Faults:
    """SR-8, SR-10: an id alone does not say what it is of."""
    for name, kinds in KINDS.items():
        each = getattr(named, name, None)
        if isinstance(each, Reference) and each.kind not in kinds:
            entry = f"$.{name}.identifier.type.coding[0].code"
            yield fault(entry, "value is not allowed in enum", rule="inclusion")


def usage_faults(usage: Usage, clinic: UUID | None, performer: Performer | None) -> Faults:
    """SR-8: only to the own clinic, and to somebody who works there."""
    yield from kind_faults(usage)
    if usage.used_by_legal_entity.id != clinic:
        message = "You can assign service request only to your legal entity"
        yield fault("$.used_by_legal_entity.identifier.value", message)
    if usage.used_by_employee is None:
        return
    entry = "$.used_by_employee.identifier.value"
    if performer is None:
        yield fault(entry, "Employee with such ID is not found")
    elif performer.employee_type not in PERFORMERS or performer.legal_entity_id != clinic:
        yield fault(entry, "Employee is not an active doctor")
    elif not performer.works:
        yield fault(entry, "Employee is not approved")


def programme_faults(request: ServiceRequest, usage: Usage) -> Faults:
    """SR-8: a referral of a programme is used by that programme."""
    given = usage.program.id if usage.program else None
    if request.program_id is not None and given is not None and given != request.program_id:
        yield fault("$.program.identifier.value", "Medical program does not match the program of the service request")


def must_be_used_by(request: ServiceRequest, clinic: UUID | None) -> None:
    """SR-9 and SR-10: raise Conflict unless this clinic has taken it (BG-17: in 2019 anybody could release)."""
    if not request.is_used:
        raise Conflict("Service request must be used")
    if request.used_by_legal_entity_id != clinic:
        raise Conflict("Service request is used by another legal entity")


def must_be_releasable(request: ServiceRequest, clinic: UUID | None) -> None:
    """SR-9."""
    if not request.is_open:
        raise Conflict(f"Service request in status {request.status} cannot be released")
    must_be_used_by(request, clinic)


def must_be_processable(request: ServiceRequest, clinic: UUID | None) -> None:
    """SR-10."""
    if request.status is not Status.ACTIVE:
        raise Conflict("Invalid service request status")
    must_be_used_by(request, clinic)


def must_be_completable(request: ServiceRequest, clinic: UUID | None) -> None:
    """SR-10."""
    if not request.is_open:
        raise Conflict(f"Service request with status {request.status} can't be closed")
    must_be_used_by(request, clinic)


def completion_faults(completion: Completion) -> Faults:
    """SR-10: it says with what it was answered, or why it ends without that."""
    if completion.completed_with is None and completion.status_reason is None:
        yield none_chosen("$", "$.completed_with", "$.status_reason")
    yield from kind_faults(completion)
    yield from reason_faults(completion.status_reason, COMPLETE_REASONS)


def reason_faults(reason: CodeableConcept | None, dictionary: str) -> Faults:
    """The reason is of the dictionary published for it (whether it has the code was looked up with all codes)."""
    if reason is not None and reason.system != dictionary:
        yield fault("$.status_reason.coding[0].system", "value is not allowed in enum", rule="inclusion")


def must_be_recallable(request: ServiceRequest) -> None:
    """SR-11: nobody has taken it yet. Raises Conflict."""
    if request.status is not Status.ACTIVE:
        raise Conflict(f"Service request in status {request.status} cannot be recalled")
    if request.is_used:
        raise Conflict("Service request is already used")


def must_be_cancelable(request: ServiceRequest) -> None:
    """SR-11: what was written by mistake is taken back, taken or answered; not while it is in progress."""
    move(
        MOVES,
        request.status,
        Status.ENTERED_IN_ERROR,
        message=f"Service request in status {request.status} cannot be cancelled",
    )


def must_be_resendable(request: ServiceRequest, now: datetime) -> None:
    """The number is told again while somebody may use it. Raises Conflict."""
    if request.status is not Status.ACTIVE or request.is_over_at(now):
        raise Conflict("Service request should be active")


def moved(
    request: ServiceRequest, status: Status, now: datetime, reason: CodeableConcept | None = None
) -> Mapping[str, Any]:
    """SR-7: the columns of another status, with its line in the history. Raises Conflict."""
    line: dict[str, Any] = {"status": status, "inserted_at": now}
    if reason is not None:
        line["status_reason"] = msgspec.to_builtins(reason)
    history = msgspec.structs.replace(request.history, status=(*request.history.status, line))
    target = move(MOVES, request.status, status)
    return {"status": target, "status_reason": reason, "history": history, "updated_at": now}


def processed(request: ServiceRequest, target: Processing, now: datetime, by: UUID) -> Mapping[str, Any]:
    """The columns of another state of the programme's processing; none where there is no programme."""
    if request.program_processing_status in (None, target):
        return {}
    assert request.program_processing_status is not None
    status = move(PROCESSING_MOVES, request.program_processing_status, target)
    line = processing_line(status, now, by)
    history = msgspec.structs.replace(request.history, processing=(*request.history.processing, line))
    return {"program_processing_status": status, "history": history}


def beginning(processing: Processing | None, now: datetime, by: UUID) -> History:
    """The histories of a new referral."""
    lines = () if processing is None else (processing_line(processing, now, by),)
    return History(status=({"status": Status.ACTIVE, "inserted_at": now},), processing=lines)


def processing_line(status: Processing, now: datetime, by: UUID) -> Mapping[str, Any]:
    return {"program_processing_status": status, "inserted_at": now, "inserted_by": by}


def used_line(field: str, used_by: Mapping[str, Any], now: datetime, by: UUID) -> Mapping[str, Any]:
    """A line of the histories of clinics and employees."""
    return {field: used_by, "inserted_at": now, "inserted_by": by}


def expiry() -> CodeableConcept:
    """SR-12: why a referral ends whose term is over."""
    return concept(RECALL_REASONS, AUTOEXPIRED)
