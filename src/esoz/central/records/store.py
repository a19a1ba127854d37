"""All SQL of medical records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, insert
from esoz.kernel.errors import NotFound
from esoz.kernel.fhir import CodeableConcept

from .model import CONDITIONS, ENCOUNTERS, IMMUNIZATIONS, OBSERVATIONS, Episode, Kind
from .model.encounter import Stored
from .model.kinds import ENTERED_IN_ERROR
from .model.package import Visit

NEWEST_FIRST = "inserted_at desc, id"  # RD-1 (2019 source)

# How each published parameter narrows a list. `_to` dates come as the first moment after the day.
EPISODE_FILTERS: Mapping[str, str] = {
    "status": "status = {}",
    "code": "codes @> array[{}::text]",
    "managing_organization_id": "managing_organization_id = {}",
    # An episode lies in a period when any day of it does.
    "period_from": "(ended_at is null or ended_at >= {})",
    "period_to": "started_at < {}",
    "period_start_from": "started_at >= {}",
    "period_start_to": "started_at < {}",
    "period_end_from": "ended_at >= {}",
    "period_end_to": "ended_at < {}",
}
ENCOUNTER_FILTERS: Mapping[str, str] = {
    "episode_id": "episode_id = {}",
    "managing_organization_id": "managing_organization_id = {}",
    "incoming_referral": "incoming_referral_id = {}",
    "incoming_referral_id": "incoming_referral_id = {}",
    "origin_episode_id": "origin_episode_id = {}",
    "status": "status = {}",
    "class": "class = {}",
    "type": "type = {}",
    "performer_speciality": "performer_speciality = {}",
    "date_from": "started_at >= {}",
    "date_to": "started_at < {}",
    "period_start_from": "started_at >= {}",
    "period_start_to": "started_at < {}",
    "period_end_from": "ended_at >= {}",
    "period_end_to": "ended_at < {}",
}
ENTITY_FILTERS: Mapping[str, str] = {
    "encounter_id": "encounter_id = {}",
    "episode_id": "episode_id = {}",
    "managing_organization_id": "managing_organization_id = {}",
    "diagnostic_report_id": "diagnostic_report_id = {}",
    "specimen_id": "specimen_id = {}",
    "device_id": "device_id = {}",
    "code": "codes @> array[{}::text]",
    "vaccine_code": "codes @> array[{}::text]",
    **dict.fromkeys(("onset_date_from", "issued_from", "date_from", "onset_date_time_from"), "dated_at >= {}"),
    **dict.fromkeys(("onset_date_to", "issued_to", "date_to", "onset_date_time_to"), "dated_at < {}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be stored: its document and the columns it is found by."""

    id: UUID
    status: str
    codes: Sequence[str]
    dated_at: datetime
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Belonging:
    """What all records of one package share."""

    person_id: UUID
    encounter_id: UUID
    episode_id: UUID
    managing_organization_id: UUID
    now: datetime


async def find_episode(db: Connection, person_id: UUID, episode_id: UUID) -> Episode:
    """An episode of this patient; raise NotFound."""
    row = await find_episode_row(db, person_id, episode_id)
    if row is None:
        raise NotFound("Episode not found")
    return as_episode(row)


async def find_episode_row(db: Connection, person_id: UUID, episode_id: UUID) -> Row | None:
    """The row of an episode of this patient, or None."""
    query = "select * from episodes where person_id = $1 and id = $2"
    found: Row | None = await db.fetchrow(query, person_id, episode_id)
    return found


def as_episode(row: Row) -> Episode:
    """The episode of a row."""
    return msgspec.convert(row["document"], Episode)


async def create_episode(db: Connection, episode: Episode) -> bool:
    """Store a new episode; return False when the patient has one of this id."""
    status = await db.execute(
        """
        insert into episodes (person_id, id, status, managing_organization_id, care_manager_id, started_at, ended_at,
            codes, document, inserted_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing
        """,
        episode.person_id, episode.id, *_episode_columns(episode), episode.inserted_at, episode.updated_at,
    )
    return bool(status == "INSERT 0 1")


async def save_episode(db: Connection, episode: Episode) -> None:
    """Store the new state of an episode."""
    await db.execute(
        """
        update episodes set status = $3, managing_organization_id = $4, care_manager_id = $5, started_at = $6,
            ended_at = $7, codes = $8, document = $9, updated_at = $10
        where person_id = $1 and id = $2
        """,
        episode.person_id, episode.id, *_episode_columns(episode), episode.updated_at,
    )


def _episode_columns(episode: Episode) -> tuple[object, ...]:
    return (
        str(episode.status), episode.managing_organization.id, episode.care_manager.id, episode.period.start,
        episode.period.end, episode.codes, episode,
    )


async def has_valid_encounters(db: Connection, person_id: UUID, episode_id: UUID) -> bool:
    """Whether any encounter of the episode was not entered in error."""
    found: bool = await db.fetchval(
        "select exists (select from encounters where person_id = $1 and episode_id = $2 and status <> $3)",
        person_id, episode_id, ENTERED_IN_ERROR,
    )
    return found


async def episodes(db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page) -> Paged:
    """One page of a patient's episodes."""
    return await _list("episodes", person_id, EPISODE_FILTERS, filters).page(db, page, order=NEWEST_FIRST)


async def valid_episodes(db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page) -> Paged:
    """One page of a patient's episodes that were not entered in error."""
    query = _list("episodes", person_id, EPISODE_FILTERS, filters).where("status <> {}", ENTERED_IN_ERROR)
    return await query.page(db, page, order=NEWEST_FIRST)


async def current_diagnoses(db: Connection, person_id: UUID, code: str | None, page: Page) -> Paged:
    """One page of the diagnoses of a patient's active episodes."""
    query = Query(
        "select diagnosis as document, number, id, inserted_at from episodes,"
        " jsonb_array_elements(document -> 'current_diagnoses') with ordinality diagnoses (diagnosis, number)"
    ).where("person_id = {}", person_id).where("status = {}", "active")
    contains = "diagnosis -> 'code' -> 'coding' @> jsonb_build_array(jsonb_build_object('code', {}::text))"
    return await query.where_given(contains, code).page(db, page, order=f"{NEWEST_FIRST}, number")


def _list(table: str, person_id: UUID, conditions: Mapping[str, str], filters: Mapping[str, object]) -> Query:
    query = Query(f"select * from {table}").where("person_id = {}", person_id)
    for name, value in filters.items():
        query.where_given(conditions[name], value)
    return query


async def records(
    db: Connection, kind: Kind, person_id: UUID, filters: Mapping[str, object], page: Page
) -> Paged:
    """One page of a patient's records of one kind."""
    return await _records(kind, person_id, filters).page(db, page, order=NEWEST_FIRST)


async def summary(
    db: Connection, kind: Kind, person_id: UUID, filters: Mapping[str, object], page: Page,
    *, codes: Collection[str] | None,
) -> Paged:
    """One page of records not entered in error; only those with one of `codes` unless it is None."""
    query = _only_shown(_records(kind, person_id, filters), codes)
    return await query.page(db, page, order=NEWEST_FIRST)


async def find_in_summary(
    db: Connection, kind: Kind, person_id: UUID, id: UUID, *, codes: Collection[str] | None
) -> Row:
    """One record that the summary shows; raise NotFound."""
    query = _only_shown(_records(kind, person_id, {}).where("id = {}", id), codes)
    return _only(await query.rows(db), kind)


def _records(kind: Kind, person_id: UUID, filters: Mapping[str, object]) -> Query:
    return _list(kind.name, person_id, ENCOUNTER_FILTERS if kind is ENCOUNTERS else ENTITY_FILTERS, filters)


def _only_shown(query: Query, codes: Collection[str] | None) -> Query:
    shown = query.where("status <> {}", ENTERED_IN_ERROR)
    return shown.where_given("codes && {}::text[]", None if codes is None else sorted(codes))


async def find_record(
    db: Connection, kind: Kind, person_id: UUID, id: UUID, *, episode_id: UUID | None = None
) -> Row | None:
    """One record of a patient, in the context of an episode when it is given; None when there is none."""
    query = _records(kind, person_id, {"episode_id": episode_id}).where("id = {}", id)
    rows = await query.rows(db)
    return rows[0] if rows else None


async def find_encounter(db: Connection, person_id: UUID, encounter_id: UUID) -> Row:
    """The row of an encounter; raise NotFound."""
    query = _records(ENCOUNTERS, person_id, {}).where("id = {}", encounter_id)
    return _only(await query.rows(db), ENCOUNTERS)


def _only(rows: Sequence[Row], kind: Kind) -> Row:
    if not rows:
        raise NotFound(f"{kind.title} not found")
    return rows[0]


# What is stored already of everything a package names, in one round trip.
_KNOWN = """
select 'visits' as kind, id, '' as status, null::jsonb as code from visits where person_id = $1 and id = any($2)
union all select 'encounters', id, status, document -> 'type' from encounters where person_id = $1 and id = any($2)
union all select 'conditions', id, status, document -> 'code' from conditions where person_id = $1 and id = any($2)
union all select 'observations', id, status, document -> 'code' from observations where person_id = $1 and id = any($2)
union all select 'immunizations', id, status, document -> 'vaccine_code' from immunizations
    where person_id = $1 and id = any($2)
union all select 'allergy_intolerances', id, status, document -> 'code' from allergy_intolerances
    where person_id = $1 and id = any($2)
"""


async def known(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[str, Mapping[UUID, Stored]]:
    """Which of `ids` are stored for this patient, by kind."""
    names = ("visits", ENCOUNTERS.name, CONDITIONS.name, OBSERVATIONS.name, IMMUNIZATIONS.name, "allergy_intolerances")
    found: dict[str, dict[UUID, Stored]] = {name: {} for name in names}
    for row in await db.fetch(_KNOWN, person_id, list(ids)):
        code = msgspec.convert(row["code"] or {}, CodeableConcept)
        found[row["kind"]][row["id"]] = Stored(code, row["status"])
    return found


async def create_visit(db: Connection, person_id: UUID, visit: Visit, now: datetime) -> None:
    await insert(
        db, "visits", person_id=person_id, id=visit.id, started_at=visit.period.start, ended_at=visit.period.end,
        inserted_at=now,
    )


async def create_encounter(db: Connection, **columns: object) -> None:
    await insert(db, "encounters", **columns)


async def create_entries(db: Connection, kind: Kind, common: Belonging, entries: Sequence[Entry]) -> None:
    """Store all records of one kind in one statement."""
    if not entries:
        return
    await db.execute(
        f"insert into {kind.name} (person_id, encounter_id, episode_id, managing_organization_id, inserted_at,"
        " updated_at, id, status, codes, dated_at, document)"
        " select $1, $2, $3, $4, $5, $5, id, status, codes, dated_at, document from jsonb_to_recordset($6)"
        " as new (id uuid, status text, codes text[], dated_at timestamptz, document jsonb)",
        common.person_id, common.encounter_id, common.episode_id, common.managing_organization_id, common.now, entries,
    )


async def append_reaction(
    db: Connection, person_id: UUID, immunization_id: UUID, reaction: Mapping[str, Any], now: datetime
) -> None:
    """CE-5: the observation of a reaction is told by the immunization that caused it."""
    await db.execute(
        """
        update immunizations set updated_at = $4, document = jsonb_set(
            document, '{reactions}', coalesce(document -> 'reactions', '[]'::jsonb) || jsonb_build_array($3::jsonb))
        where person_id = $1 and id = $2
        """,
        person_id, immunization_id, reaction, now,
    )
