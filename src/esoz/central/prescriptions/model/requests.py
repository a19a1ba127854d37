"""Prescriptions (on the wire: medication requests): from the signature to the last tablet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, Forbidden
from esoz.kernel.fhir import Moment

from .drafts import Intent


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


MOVES = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.REJECTED, Status.EXPIRED}),
    Status.COMPLETED: frozenset({Status.ACTIVE}),  # a dispense was taken back (MD-12)
    Status.REJECTED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}


class Block(msgspec.Struct, frozen=True):
    """Why nothing is dispensed by a prescription for now; pharmacies may say until when."""

    block_reason_code: str
    block_reason: str | None = None
    blocked_to: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A signed prescription. `content` is what was signed; what came later stands beside it."""

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
    last_day: date
    content: Mapping[str, object]
    signed_document: str
    region: str
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
    announce_on: date | None = None  # when the patient gets number and code; None: told already
    verification_code: bytes | None = None
    wrong_codes: int = 0
    locked_until: datetime | None = None
    rejected_at: date | None = None
    rejected_by: UUID | None = None
    reject_reason: str | None = None
    reject_reason_code: str | None = None
    is_blocked: bool = False
    block_reason: str | None = None
    block_reason_code: str | None = None
    blocked_to: datetime | None = None
    blocked_by_legal_entity: Mapping[str, object] | None = None

    def status_on(self, today: date) -> Status:
        """An active prescription ends by itself after its last day, whether or not the periodic task has been here."""
        return Status.EXPIRED if self.status is Status.ACTIVE and today > self.last_day else self.status

    def is_blocked_at(self, now: datetime) -> bool:
        """A block with an end is lifted by itself."""
        return self.is_blocked and (self.blocked_to is None or now < self.blocked_to)

    def at(self, now: datetime) -> "Request":
        """As it is told at a moment: a block that has ended is told nowhere."""
        return self if not self.is_blocked or self.is_blocked_at(now) else self.unblocked()

    def unblocked(self) -> "Request":
        """Without its block."""
        return replace(
            self,
            is_blocked=False,
            block_reason=None,
            block_reason_code=None,
            blocked_to=None,
            blocked_by_legal_entity=None,
        )

    def when_held(self) -> tuple["Request", Status]:
        """As it was shown when a quantity of it was held (MD-1): active, and nobody blocked it.

        While anything is held it is neither taken back (MR-17) nor completed, so that nothing else of it changes.
        """
        return self.unblocked(), Status.ACTIVE


def last_day(dispense_valid_to: date | None, ended_at: date) -> date:
    """The last day a prescription is good for, itself included: the last day of dispensing, for a plan of the course.

    The 2019 source ended it at the beginning of that day (MR-16), which took a day from the patient.
    """
    return dispense_valid_to or ended_at


def must_be_rejectable(status: Status, *, dispensed: bool) -> None:
    """MR-17: active, and nothing given or being given by it."""
    if status is not Status.ACTIVE:
        raise Conflict("Invalid status Request for Medication request for reject transition!")
    if dispensed:
        raise Conflict("Medication request with connected processed medication dispenses can not be rejected")


def must_be_resendable(status: Status, intent: Intent, *, has_code: bool) -> None:
    """MR-18."""
    if status is not Status.ACTIVE:
        raise Conflict("Invalid status Medication request for resend action!")
    if intent is Intent.PLAN:
        raise Conflict("For medication request plan information cannot be resent")
    if not has_code:
        raise Forbidden("Can't resend Medication request without verification code!")


def must_be_qualifiable(request: Request, today: date) -> None:
    """MR-19: active, an order, inside its days of dispensing."""
    if request.intent is Intent.PLAN:
        raise Conflict("Medication request with type (intent) PLAN cannot be qualified")
    if request.status_on(today) is not Status.ACTIVE or not is_open(request, today):
        raise Conflict("Medication request is not valid")


def is_open(request: Request, today: date) -> bool:
    """Whether today is one of the days of dispensing, the first and the last included."""
    first, last = request.dispense_valid_from, request.dispense_valid_to
    return first is not None and last is not None and first <= today <= last
