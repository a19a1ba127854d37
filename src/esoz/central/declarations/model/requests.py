"""A request for a declaration: its shape, its states, who may take part in it and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import ConfidantPerson, Person
from esoz.kernel.errors import Forbidden, Problem, rejected

BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
UPLOADS = "declaration_requests"  # where scans of requests are kept
MAY_SIGN_FOR_DOCTORS = frozenset({"ADMIN"})


class Status(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"  # a newer request came
    EXPIRED = "EXPIRED"


# DC-1
MOVES = {
    Status.NEW: frozenset({Status.APPROVED, Status.REJECTED, Status.CANCELLED, Status.EXPIRED}),
    Status.APPROVED: frozenset({Status.SIGNED, Status.REJECTED, Status.CANCELLED, Status.EXPIRED}),
    Status.SIGNED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}
OPEN = frozenset({Status.NEW, Status.APPROVED})
INVALID_TRANSITION = "Invalid transition"


class Channel(StrEnum):
    """Through whom a request came."""

    MIS = "MIS"
    PIS = "PIS"


class NewRequest(msgspec.Struct, frozen=True):
    """What a clinic asks for, by the published names."""

    person_id: UUID
    employee_id: UUID
    division_id: UUID
    authorize_with: UUID | None = None
    parent_declaration_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationRequest:
    """A declaration in the making: `phone` is where the code goes, None when papers confirm."""

    id: UUID
    person_id: UUID
    declaration_id: UUID
    declaration_number: str
    employee_id: UUID
    party_id: UUID
    division_id: UUID
    legal_entity_id: UUID
    status: Status
    channel: Channel
    start_date: date
    end_date: date
    method: str
    system_declaration_limit: int
    current_declaration_count: int
    expires_at: datetime
    inserted_at: datetime
    updated_at: datetime
    inserted_by: UUID | None = None
    updated_by: UUID | None = None
    status_reason: str | None = None
    authorize_with: UUID | None = None
    parent_declaration_id: UUID | None = None
    phone: str | None = None
    verification_id: UUID | None = None
    data_to_be_signed: Mapping[str, Any] | None = None

    def status_at(self, now: datetime) -> Status:
        """The status at a moment, whether or not the periodic task has been here."""
        # DC-26
        return Status.EXPIRED if self.status in OPEN and self.expires_at <= now else self.status


class NoPerson(Problem):
    """The person of a request is not in the register; type and words as published."""

    status, type, default = 422, "unverified", "Person not found"


def must_be_signable(request: DeclarationRequest, now: datetime) -> None:
    """Raise Rejected with the published text unless the patient has approved and the time is not over."""
    # DC-19
    if request.status_at(now) is not Status.APPROVED:
        raise rejected("$.status", "incorrect status", rule="inclusion")


def must_come_from_clinic(request: DeclarationRequest) -> None:
    """Raise Forbidden for a request that the patient sent: nobody else approves it (DC-1)."""
    if request.channel is not Channel.MIS:
        raise Forbidden("Declaration request should be approved by Patient")


def must_come_from_cabinet(request: DeclarationRequest) -> None:
    """Raise Forbidden for a request that a clinic made: its patient tells the clinic a code (DC-1)."""
    if request.channel is not Channel.PIS:
        raise Forbidden("Declaration request should be approved by Doctor")


def must_be_waiting_for_patient(request: DeclarationRequest, now: datetime) -> None:
    """Raise unless the patient sent the request through a cabinet, and has neither signed nor given it up (DC-18)."""
    must_come_from_cabinet(request)
    if request.status_at(now) is not Status.NEW:
        raise rejected("$.status", "incorrect status", rule="inclusion")


def has_place(count: int, limit: int | None) -> bool:
    """Whether a doctor who has `count` declarations of other people may take one more."""
    # DC-17: must be below the limit.
    return limit is None or count < limit


def papers(person: Person, confidants: Sequence[ConfidantPerson], *, on_paper: bool) -> list[str]:
    """The types of the documents whose scans a request waits for."""
    # DC-14: with a code only the paper of who refused the tax id; DC-16: such a person shows it besides the code.
    refusal = ["person.no_tax_id"] if person.no_tax_id else []
    if not on_paper:
        return refusal
    # DC-11: one of each type; the birth certificate is not asked for twice.
    own = [f"person.{each.type}" for each in person.documents]
    found = (["person.tax_id"] if person.tax_id else refusal) + own
    for each in confidants:
        place = f"confidant_person.{each.relation_type}"
        found += [f"{place}.{paper.type}" for paper in each.person.documents]
        found += [
            f"{place}.RELATIONSHIP.{paper.type}"
            for paper in each.documents_relationship
            if not (paper.type == BIRTH_CERTIFICATE and f"person.{BIRTH_CERTIFICATE}" in own)
        ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequestFilter:
    """Filters of a patient's list; None means any."""

    person_id: UUID
    status: Status | None = None
    channel: str | None = None
    start_date_from: date | None = None
    start_date_to: date | None = None
    end_date_from: date | None = None
    end_date_to: date | None = None


class RequestFilter(msgspec.Struct, frozen=True):
    """Filters of the list by their published names; None means any."""

    employee_id: UUID | None = None
    legal_entity_id: UUID | None = None
    status: Status | None = None
    channel: str | None = None
