"""Rows of care teams and of who belongs to them."""

from dataclasses import fields
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import Participant, ParticipantFilter, ParticipantStatus, Team, TeamFilter

_TEAM = tuple(field.name for field in fields(Team))
_PARTICIPANT = tuple(field.name for field in fields(Participant))
_TEAM_CHANGES = ("status", "status_reason", "period_end", "email", "phones", "note", "updated_at", "updated_by")
_PARTICIPANT_CHANGES = ("status", "status_reason", "period_end", "updated_at", "updated_by")
OLDEST_FIRST = "inserted_at, id"


def _value(row: Team | Participant, name: str) -> object:
    value = getattr(row, name)
    return msgspec.to_builtins(value) if name == "phones" else value


async def add_team(db: Connection, team: Team) -> None:
    await insert(db, "care_teams", **{name: _value(team, name) for name in _TEAM})


async def add_participant(db: Connection, participant: Participant) -> None:
    await insert(db, "care_team_participants", **{name: _value(participant, name) for name in _PARTICIPANT})


async def save_team(db: Connection, team: Team) -> None:
    """Store what has changed."""
    await _save(db, "care_teams", team, _TEAM_CHANGES)


async def save_participant(db: Connection, participant: Participant) -> None:
    """Store what has changed."""
    await _save(db, "care_team_participants", participant, _PARTICIPANT_CHANGES)


async def _save(db: Connection, table: str, row: Team | Participant, names: tuple[str, ...]) -> None:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 2))
    await db.execute(f"update {table} set {changes} where id = $1", row.id, *(_value(row, name) for name in names))


async def find_team(db: Connection, id: UUID, *, lock: bool = False) -> Team:
    """One team; raise NotFound."""
    row = await db.fetchrow("select * from care_teams where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound("Care team not found")
    return as_model(Team, row)


async def find_participant(db: Connection, id: UUID, *, lock: bool = False) -> Participant:
    """Somebody who belongs to a team; raise NotFound."""
    sql = "select * from care_team_participants where id = $1" + (" for update" if lock else "")
    row = await db.fetchrow(sql, id)
    if row is None:
        raise NotFound("Care team participant not found")
    return as_model(Participant, row)


async def belongs(db: Connection, team_id: UUID, member_id: UUID) -> bool:
    """Whether somebody belongs to a team now."""
    sql = (
        "select exists (select from care_team_participants where care_team_id = $1 and member_id = $2 and status = $3)"
    )
    return bool(await db.fetchval(sql, team_id, member_id, ParticipantStatus.ACTIVE))


async def teams(db: Connection, clinic: UUID | None, wanted: TeamFilter, page: Page) -> Paged:
    """A page of teams, the oldest first; of one clinic when it is given."""
    query = (
        Query("select * from care_teams")
        .where_given("legal_entity_id = {}", clinic)
        .where_given("legal_entity_id = {}", wanted.legal_entity_id)
        .where_given("category = {}", wanted.category)
        .where_given("status = {}", wanted.status)
        .where_given("period_start >= {}", wanted.period_start_from)
        .where_given("period_start <= {}", wanted.period_start_to)
        .where_given("period_end >= {}", wanted.period_end_from)
        .where_given("period_end <= {}", wanted.period_end_to)
        .where_given(
            "exists (select from care_team_participants p where p.care_team_id = care_teams.id"
            " and p.status = 'active' and p.member_id = {})",
            wanted.member_employee_id,
        )
    )
    return await query.page(db, page, order=OLDEST_FIRST)


async def participants(db: Connection, clinic: UUID | None, wanted: ParticipantFilter, page: Page) -> Paged:
    """A page of who belongs to teams, the oldest first; of one clinic when it is given."""
    query = (
        Query("select * from care_team_participants")
        .where_given("care_team_id in (select id from care_teams where legal_entity_id = {})", clinic)
        .where_given("care_team_id = {}", wanted.care_team_id)
        .where_given("role = {}", wanted.role)
        .where_given("status = {}", wanted.status)
    )
    return await query.page(db, page, order=OLDEST_FIRST)
