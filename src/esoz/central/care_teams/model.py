"""The law of care teams: statuses, periods, who may belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Phone
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault

EMPLOYEE = "employee"  # the only kind of member that is published


class Event(StrEnum):
    READ = "care_team.read"
    CREATED = "care_team.created"
    UPDATED = "care_team.updated"
    STATUS_CHANGED = "care_team.status_changed"
    PARTICIPANTS_READ = "care_team_participant.read"
    PARTICIPANT_ADDED = "care_team_participant.added"
    PARTICIPANT_CHANGED = "care_team_participant.status_changed"


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    INACTIVE = "inactive"


# TM-2
MOVES = {
    Status.DRAFT: frozenset({Status.ACTIVE, Status.INACTIVE}),
    Status.ACTIVE: frozenset({Status.INACTIVE}),
    Status.INACTIVE: frozenset({Status.ACTIVE}),
}


class ParticipantStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


# TM-4: who comes back is added anew.
PARTICIPANT_MOVES = {
    ParticipantStatus.ACTIVE: frozenset({ParticipantStatus.INACTIVE}),
    ParticipantStatus.INACTIVE: frozenset[ParticipantStatus](),
}


class Contacts(msgspec.Struct, frozen=True):
    """All that may be changed of a team: how it is reached, and its note."""

    email: str | None = None
    phones: Sequence[Phone] = ()
    note: str | None = None


class NewTeam(Contacts, frozen=True, kw_only=True):
    """What is told of a new team."""

    status: Status
    category: str
    period_start: date
    author_employee_id: UUID
    name: str | None = None


class NewParticipant(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to belong to a team."""

    care_team_id: UUID
    role: str
    member_type: str
    member_id: UUID
    period_start: date
    status: ParticipantStatus


class TeamChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another status of a team, with why and until when."""

    status: Status
    status_reason: str | None = None
    period_end: date | None = None


class ParticipantChange(msgspec.Struct, frozen=True, kw_only=True):
    """The same of somebody who belongs to it."""

    status: ParticipantStatus
    status_reason: str | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A care team of a clinic."""

    id: UUID
    status: Status
    category: str
    period_start: date
    phones: Sequence[Phone]
    author_employee_id: UUID
    legal_entity_id: UUID
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    name: str | None = None
    email: str | None = None
    note: str | None = None
    period_end: date | None = None
    status_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who belongs, or belonged, to a team."""

    id: UUID
    care_team_id: UUID
    role: str
    member_type: str
    member_id: UUID
    status: ParticipantStatus
    period_start: date
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    period_end: date | None = None
    status_reason: str | None = None


class TeamFilter(msgspec.Struct, frozen=True):
    """The published filters of teams."""

    category: str | None = None
    period_start_from: date | None = None
    period_start_to: date | None = None
    period_end_from: date | None = None
    period_end_to: date | None = None
    status: Status | None = None
    legal_entity_id: UUID | None = None
    member_employee_id: UUID | None = None


class ParticipantFilter(msgspec.Struct, frozen=True):
    """The published filters of who belongs to teams."""

    care_team_id: UUID | None = None
    role: str | None = None
    status: ParticipantStatus | None = None


def new_team_faults(new: NewTeam) -> Faults:
    """TM-1: a team begins as a draft or at work."""
    if new.status is Status.INACTIVE:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")


def end_faults(change: TeamChange | ParticipantChange, started: date, *, ends: bool) -> Faults:
    """TM-2, TM-4: who ends says why and when; who goes on has no end."""
    if not ends:
        for name in ("status_reason", "period_end"):
            if getattr(change, name) is not None:
                yield fault(f"$.{name}", "schema does not allow additional properties", rule="schema")
        return
    if change.status_reason is None:
        yield fault("$.status_reason", "required property status_reason was not present", rule="required")
    if change.period_end is not None and change.period_end < started:
        yield fault("$.period_end", "Period end date must be greater than or equal the start date")


def must_take_participants(team: Team) -> None:
    """TM-3: nobody joins a team that has ended. Raises Conflict."""
    if team.status is Status.INACTIVE:
        raise Conflict("Care team is not active")


def participant_faults(new: NewParticipant, team: Team, *, works_here: bool) -> Faults:
    """TM-3: a working employee of the clinic of the team, from a day on which the team is there."""
    if new.member_type != EMPLOYEE:
        yield fault("$.member_type", "value is not allowed in enum", rule="inclusion")
    elif not works_here:
        yield fault("$.member_id", "Employee is not an active employee of the legal entity")
    if new.status is not ParticipantStatus.ACTIVE:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")
    if new.period_start < team.period_start:
        yield fault("$.period_start", "Start date must be greater than or equal the start date of the care team")
