"""Changes of care teams, and of who belongs to them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.organisations import client_of, find_legal_entity, must_be_acting, phone_faults, user_of
from esoz.central.workforce import find_employee
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    MOVES,
    PARTICIPANT_MOVES,
    Contacts,
    Event,
    NewParticipant,
    NewTeam,
    Participant,
    ParticipantChange,
    ParticipantStatus,
    Status,
    Team,
    TeamChange,
    end_faults,
    must_take_participants,
    new_team_faults,
    participant_faults,
)


async def create(work: Work, new: NewTeam) -> Team:
    """TM-1: a team of ours, written by somebody who works here. Raises Rejected, Conflict."""
    clinic = client_of(work.actor)
    must_hold(new_team_faults(new), phone_faults(new.phones, "$.phones"))
    must_be_acting(await find_legal_entity(work.db, clinic))
    if not await _works_here(work, new.author_employee_id, clinic):
        raise rejected("$.author_employee_id", "Employee is not an active employee of the legal entity")
    team = Team(id=work.new_id(), legal_entity_id=clinic, **msgspec.structs.asdict(new), **_stamps(work))
    await store.add_team(work.db, team)
    work.record(Event.CREATED, team.id)
    return team


async def update(work: Work, id: UUID, contacts: Contacts) -> Team:
    """Change how a team is reached, and its note. Raises NotFound, Rejected, Conflict."""
    team = await _ours(work, id)
    must_hold(phone_faults(contacts.phones, "$.phones"))
    if team.status is Status.INACTIVE:
        raise Conflict("Care team is not active")
    return await _saved(work, replace(team, **msgspec.structs.asdict(contacts)), Event.UPDATED)


async def change_status(work: Work, id: UUID, change: TeamChange) -> Team:
    """TM-2: begin, end, or begin again. Raises NotFound, Rejected, Conflict."""
    team = await _ours(work, id)
    status = move(MOVES, team.status, change.status)
    ends = status is Status.INACTIVE
    must_hold(end_faults(change, team.period_start, ends=ends))
    end = (change.period_end or work.today) if ends else None
    changed = replace(team, status=status, status_reason=change.status_reason, period_end=end)
    return await _saved(work, changed, Event.STATUS_CHANGED)


async def add_participant(work: Work, new: NewParticipant) -> Participant:
    """TM-3: somebody of ours belongs to a team of ours, once. Raises NotFound, Rejected, Conflict."""
    team = await _ours(work, new.care_team_id)
    must_take_participants(team)
    here = await _works_here(work, new.member_id, team.legal_entity_id)
    must_hold(participant_faults(new, team, works_here=here))
    if await store.belongs(work.db, team.id, new.member_id):
        raise Conflict("Employee is already an active participant of the care team")
    participant = Participant(id=work.new_id(), **msgspec.structs.asdict(new), **_stamps(work))
    await store.add_participant(work.db, participant)
    work.record(Event.PARTICIPANT_ADDED, participant.id)
    return participant


async def change_participant(work: Work, id: UUID, change: ParticipantChange) -> Participant:
    """TM-4: somebody leaves a team. Raises NotFound, Rejected, Conflict."""
    participant = await store.find_participant(work.db, id, lock=True)
    policy.must_be_ours(work.actor, await store.find_team(work.db, participant.care_team_id))
    status = move(PARTICIPANT_MOVES, participant.status, change.status)
    ends = status is ParticipantStatus.INACTIVE
    must_hold(end_faults(change, participant.period_start, ends=ends))
    changed = replace(
        participant,
        status=status,
        status_reason=change.status_reason,
        period_end=change.period_end or work.today,
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save_participant(work.db, changed)
    work.record(Event.PARTICIPANT_CHANGED, id)
    return changed


def _stamps(work: Work) -> dict[str, Any]:
    by = user_of(work.actor)
    return {"inserted_at": work.now, "inserted_by": by, "updated_at": work.now, "updated_by": by}


async def _ours(work: Work, id: UUID) -> Team:
    team = await store.find_team(work.db, id, lock=True)
    policy.must_be_ours(work.actor, team)
    return team


async def _works_here(work: Work, employee_id: UUID, clinic: UUID) -> bool:
    try:
        employee = await find_employee(work.db, employee_id)
    except NotFound:
        return False
    return employee.works and employee.legal_entity_id == clinic


async def _saved(work: Work, team: Team, event: Event) -> Team:
    changed = replace(team, updated_at=work.now, updated_by=user_of(work.actor))
    await store.save_team(work.db, changed)
    work.record(event, team.id)
    return changed
