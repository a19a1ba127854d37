"""Requests of devices: from the signature to the last piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import ContactMethod
from esoz.central.prescriptions import ALPHABET, PREFIX, Random, draw
from esoz.central.programmes import Settings
from esoz.kernel.clock import KYIV
from esoz.kernel.errors import Conflict, Forbidden
from esoz.kernel.fhir import CodeableConcept

DISPENSING_TYPES = frozenset({"PHARMACY", "MSP_PHARMACY"})


ANOTHER_PROGRAMME = "Medical program in dispense doesn't match the one in device request"


class Status(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"
    ENTERED_IN_ERROR = "entered_in_error"


MOVES = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.REVOKED, Status.ENTERED_IN_ERROR}),
    Status.COMPLETED: frozenset({Status.ACTIVE}),  # a dispense was recorded by mistake (DVD-9)
    Status.REVOKED: frozenset[Status](),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A signed request. `document` is what was signed with what the server added; what came later stands beside it."""

    id: UUID
    person_id: UUID
    status: Status
    requisition: str
    intent: str
    legal_entity_id: UUID
    requester_id: UUID
    encounter_id: UUID
    based_on: tuple[UUID, ...]
    quantity: Decimal
    unit: str
    authored_on: datetime
    started_at: datetime
    ended_at: datetime
    last_day: date
    document: Mapping[str, Any]
    signed_document: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    episode_id: UUID | None = None
    care_plan_id: UUID | None = None
    program_id: UUID | None = None
    performer_id: UUID | None = None
    definition_id: UUID | None = None
    code_system: str | None = None
    code: str | None = None
    priority: str | None = None
    inform_with: UUID | None = None
    verification_code: bytes | None = None
    wrong_codes: int = 0
    locked_until: datetime | None = None
    status_reason: Mapping[str, Any] | None = None


class StatusReason(msgspec.Struct, frozen=True):
    """What the signed document adds when a request is taken back."""

    status: str
    status_reason: CodeableConcept


def device_of(request: Request) -> UUID | tuple[str, str]:
    """What is asked for: one device of the register, or all of a code (system, code)."""
    if request.definition_id is not None:
        return request.definition_id
    assert request.code_system is not None and request.code is not None  # one of the two was asked for
    return request.code_system, request.code


def remaining(request: Request, taken: Decimal) -> Decimal:
    """How many may still be had; `taken` is dispensed or held."""
    return max(request.quantity - taken, Decimal(0))


def new_requisition(random: Random) -> str:
    """DVR-9: four groups of four; the first is never that of prescriptions, so a number says what it is of."""
    while True:
        groups = ["".join(draw(ALPHABET, random) for _ in range(4)) for _ in range(4)]
        if groups[0] != PREFIX:
            return "-".join(groups)


def dispense_valid_to(last_day: date) -> datetime:
    """DVR-8: the last second of the last day in Kyiv."""
    return datetime.combine(last_day, time(23, 59, 59), tzinfo=KYIV).astimezone(UTC)


def is_told_by_phone(settings: Settings, contact: ContactMethod) -> bool:
    """DVR-10: whether number and code go to a phone; if not, the doctor sees the code and prints it."""
    return settings.notifies and contact.phone is not None


def must_be_retractable(status: Status, target: Status, *, dispensed: bool) -> None:
    """DVR-11, DVR-12: an active request, and nothing was given or is being given by it."""
    if target not in MOVES[status]:
        raise Conflict(f"Device request in status {status} can not be changed to {target}")
    if dispensed:
        raise Conflict("Device request has connected device dispenses and can not be taken back")


def must_be_resendable(request: Request, today: date, *, has_code: bool) -> None:
    """DVR-13: an active request whose days last, with a code."""
    if request.status is not Status.ACTIVE or today > request.last_day:
        raise Conflict("Device request is not active")
    if not has_code:
        raise Forbidden("Can't resend Device request without verification code!")


def must_be_completable(status: Status, *, held: bool) -> None:
    """DVR-14: an active request, and nothing is being given by it."""
    if status is not Status.ACTIVE:
        raise Conflict(f"Device request in status {status} can not be changed to {Status.COMPLETED}")
    if held:
        raise Conflict("Device request has a device dispense in progress")


def must_be_open(request: Request, today: date) -> None:
    """DVR-15: an active request inside its days of dispensing."""
    if request.status is not Status.ACTIVE:
        raise Conflict("Device request is not active")
    if today > request.last_day:
        raise Conflict("Device request is expired")
