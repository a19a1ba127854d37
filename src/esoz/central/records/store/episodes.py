"""SQL of episodes and visits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row
from esoz.kernel.errors import NotFound

from ..model import Episode
from ..model.episode import DiagnosesOfEncounter
from ..model.kinds import ENTERED_IN_ERROR
from ..model.package import Visit
from .filters import EPISODE_FILTERS, HIDDEN, NEWEST_FIRST, narrowed


async def find_episode(db: Connection, person_id: UUID, episode_id: UUID) -> Episode:
    """An episode of this patient without what its earlier encounters left; raise NotFound.

    That stands in a table of its own (`with_history`), so that it costs the next encounter nothing.
    """
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
        episode.person_id,
        episode.id,
        *_episode_columns(episode),
        episode.inserted_at,
        episode.updated_at,
    )
    return bool(status == "INSERT 0 1")


async def with_history(db: Connection, episodes: Sequence[Episode]) -> list[Episode]:
    """The same episodes with all that their encounters left, the earliest first; all are of one patient."""
    if not episodes:
        return []
    rows = await db.fetch(
        "select episode_id, document from episode_diagnoses where person_id = $1 and episode_id = any($2)"
        " order by number",
        episodes[0].person_id,
        [each.id for each in episodes],
    )
    lines: dict[UUID, list[DiagnosesOfEncounter]] = {each.id: [] for each in episodes}
    for row in rows:
        lines[row["episode_id"]].append(msgspec.convert(row["document"], DiagnosesOfEncounter))
    # Those that still stand in the document are later than any in the table: saving moves them all.
    return [replace(each, diagnoses_history=(*lines[each.id], *each.diagnoses_history)) for each in episodes]


async def save_history(db: Connection, episode: Episode) -> None:
    """Store a whole episode whose history was changed, not only added to."""
    await db.execute(
        "delete from episode_diagnoses where person_id = $1 and episode_id = $2", episode.person_id, episode.id
    )
    await save_episode(db, episode)


async def save_episode(db: Connection, episode: Episode) -> None:
    """Store the new state of an episode; what encounters left in it is moved to the table of such lines."""
    if episode.diagnoses_history:
        await write_later(
            db,
            "insert into episode_diagnoses (person_id, episode_id, document)"
            " select $1, $2, line from jsonb_array_elements($3) with ordinality lines (line, number) order by number",
            episode.person_id,
            episode.id,
            episode.diagnoses_history,
        )
    await write_later(
        db,
        """
        update episodes set status = $3, managing_organization_id = $4, care_manager_id = $5, started_at = $6,
            ended_at = $7, codes = $8, document = $9, updated_at = $10
        where person_id = $1 and id = $2
        """,
        episode.person_id,
        episode.id,
        *_episode_columns(episode),
        episode.updated_at,
    )


def _episode_columns(episode: Episode) -> tuple[object, ...]:
    return (
        str(episode.status),
        episode.managing_organization.id,
        episode.care_manager.id,
        episode.period.start,
        episode.period.end,
        episode.codes,
        replace(episode, diagnoses_history=()),
    )


async def has_valid_encounters(db: Connection, person_id: UUID, episode_id: UUID) -> bool:
    """Whether any encounter of the episode was not entered in error."""
    found: bool = await db.fetchval(
        "select exists (select from encounters where person_id = $1 and episode_id = $2 and status <> $3)",
        person_id,
        episode_id,
        ENTERED_IN_ERROR,
    )
    return found


async def last_valid_encounter(db: Connection, person_id: UUID, episode_id: UUID) -> datetime | None:
    """When the last encounter of the episode ended that was not entered in error; None when there is none."""
    found: datetime | None = await db.fetchval(
        "select max(ended_at) from encounters where person_id = $1 and episode_id = $2 and status <> $3",
        person_id,
        episode_id,
        ENTERED_IN_ERROR,
    )
    return found


async def episodes(db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page) -> Paged:
    """One page of a patient's episodes."""
    return await narrowed("episodes", person_id, EPISODE_FILTERS, filters).page(db, page, order=NEWEST_FIRST)


async def episodes_with_diagnoses(
    db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page, codes: Collection[tuple[str, str]]
) -> Paged:
    """One page of episodes with a current diagnosis among `codes` (system, code)."""
    query = narrowed("episodes", person_id, EPISODE_FILTERS, filters)
    query.where("codes && {}::text[]", [code for _, code in codes])
    query.where(
        "exists (select from jsonb_array_elements(document -> 'current_diagnoses') diagnosis,"
        " jsonb_array_elements(diagnosis -> 'code' -> 'coding') coding"
        " where (coding ->> 'system', coding ->> 'code') in (select * from unnest({}::text[], {}::text[])))",
        [system for system, _ in codes],
        [code for _, code in codes],
    )
    return await query.page(db, page, order=NEWEST_FIRST)


async def valid_episodes(db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page) -> Paged:
    """One page of a patient's episodes that were not entered in error."""
    query = narrowed("episodes", person_id, EPISODE_FILTERS, filters).where("status <> {}", ENTERED_IN_ERROR)
    return await query.page(db, page, order=NEWEST_FIRST)


async def current_diagnoses(db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page) -> Paged:
    """One page of the diagnoses of a patient's active episodes; the one filter is the code."""
    query = (
        Query(
            "select diagnosis as document, number, id, inserted_at from episodes,"
            " jsonb_array_elements(document -> 'current_diagnoses') with ordinality diagnoses (diagnosis, number)"
        )
        .where("person_id = {}", person_id)
        .where("status = {}", "active")
    )
    contains = "diagnosis -> 'code' -> 'coding' @> jsonb_build_array(jsonb_build_object('code', {}::text))"
    query.where_given(contains, filters.get("code")).where_given(EPISODE_FILTERS[HIDDEN], filters.get(HIDDEN))
    return await query.page(db, page, order=f"{NEWEST_FIRST}, number")


async def create_visit(db: Connection, person_id: UUID, visit: Visit, now: datetime) -> None:
    await insert_later(
        db,
        "visits",
        person_id=person_id,
        id=visit.id,
        started_at=visit.period.start,
        ended_at=visit.period.end,
        inserted_at=now,
    )
