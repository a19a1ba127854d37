"""A merge request: its life, and what is compared of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict
from esoz.kernel.states import move

TERM = timedelta(days=7)  # a request that nobody finished is over
KEPT = timedelta(days=30)  # published: personal data of a finished request are wiped after a limited period


class Event(StrEnum):
    """What the audit log tells of this context."""

    CREATED = "merge_request.created"
    RESENT = "merge_request.code_resent"
    APPROVED = "merge_request.approved"
    REJECTED = "merge_request.rejected"
    SIGNED = "merge_request.signed"
    EXPIRED = "merge_request.expired"
    READ = "merge_request.read"
    LIST_READ = "merge_requests.read"


class Status(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


MOVES = {
    Status.NEW: frozenset({Status.APPROVED, Status.REJECTED, Status.EXPIRED}),
    Status.APPROVED: frozenset({Status.SIGNED, Status.REJECTED, Status.EXPIRED}),
    Status.SIGNED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}
OPEN = frozenset(status for status, targets in MOVES.items() if targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    """A clinic asks a person whether records of somebody unidentified are theirs.

    `phone` is where the code goes to: the person's own, or that of who speaks for them; empty once it was wiped.
    """

    id: UUID
    master_person_id: UUID
    merge_person_id: UUID
    legal_entity_id: UUID
    phone: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    status: Status = Status.NEW
    data_to_be_signed: Mapping[str, Any] | None = None
    document: str | None = None

    @property
    def purpose(self) -> str:
        """What a code is sent for: one that was sent for something else confirms nothing here."""
        return f"merge_request {self.id}"


class NewRequest(msgspec.Struct, frozen=True):
    """Who is whose, by the published names."""

    master_person_id: UUID
    merge_person_id: UUID
    authorize_with: UUID | None = None


class RequestFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    status: Status | None = None
    master_person_id: UUID | None = None
    merge_person_id: UUID | None = None


class WrongState(Conflict):
    """The request is not at the step that the act belongs to."""

    default = "Invalid merge request status"


class Unfinished(Conflict):
    """Records of the unidentified patient still wait to be taken in."""

    default = "Preperson has records that are not processed yet, please try later"


class SameRecords(Conflict):
    """The same records stand at the person already: a package was sent for both."""

    default = "Records of the preperson are stored for the person already"


def status_at(request: MergeRequest, now: datetime) -> Status:
    """What a request is now: an open one ends by itself after a week."""
    over = request.status in OPEN and request.inserted_at + TERM <= now
    return move(MOVES, request.status, Status.EXPIRED) if over else request.status


def must_be(request: MergeRequest, status: Status, now: datetime) -> None:
    """Raise WrongState unless the request is at this step now."""
    if status_at(request, now) is not status:
        raise WrongState()


def signed_form(request: MergeRequest) -> Mapping[str, Any]:
    """What has to be signed: all that was approved, and that the patient has read and signed it."""
    assert request.data_to_be_signed is not None  # of every approved request
    return {**request.data_to_be_signed, "patient_signed": True}
