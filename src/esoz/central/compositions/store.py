"""Rows of medical conclusions."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from .model import Composition
from .model.filters import CompositionFilter

NOT_FOUND = "Composition not found"
NEWEST_FIRST = "date desc, id"
_COLUMNS = tuple(field.name for field in fields(Composition))
_STANDS = "status = 'FINAL'"


async def reserve(
    db: Connection, title: str, *, person_id: UUID, type: str, clinic_id: UUID, inserted_at: datetime
) -> None:
    """CM-1: keep a number for a patient; when it is taken the act begins anew."""
    await insert_later(
        db,
        "composition_titles",
        title=title,
        person_id=person_id,
        type=type,
        legal_entity_id=clinic_id,
        inserted_at=inserted_at,
    )


async def reserved(db: Connection, title: str, *, person_id: UUID, type: str, clinic_id: UUID | None) -> bool:
    """CM-1: whether the number was given to this clinic for this patient and type, and nobody has used it."""
    found = await db.fetchval(
        "select exists (select from composition_titles where title = $1 and person_id = $2 and type = $3"
        " and legal_entity_id = $4 and id is null)",
        title,
        person_id,
        type,
        clinic_id,
    )
    return bool(found)


async def is_known(db: Connection, id: UUID) -> bool:
    """Whether some conclusion of the country has this id."""
    return bool(await db.fetchval("select exists (select from composition_titles where id = $1)", id))


async def add(db: Connection, composition: Composition) -> None:
    """Use up the number, and store the row."""
    await write_later(
        db, "update composition_titles set id = $2 where title = $1 and id is null", composition.title, composition.id
    )
    await insert_later(db, "compositions", **{name: _value(composition, name) for name in _COLUMNS})


def _value(composition: Composition, name: str) -> Any:
    value = getattr(composition, name)
    return msgspec.to_builtins(value) if name == "status_reason" and value is not None else value


async def save(db: Connection, composition: Composition) -> None:
    """Store what changes after the signature."""
    names = ("status", "status_reason", "explanatory_letter", "updated_at", "updated_by")
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 3))
    values = [_value(composition, name) for name in names]
    sql = f"update compositions set {changes} where person_id = $1 and id = $2"
    await write_later(db, sql, composition.person_id, composition.id, *values)


async def find(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> Composition:
    """A conclusion of a patient; `lock` holds others off until the end of the transaction. Raises NotFound."""
    found = await find_or_none(db, person_id, id, lock=lock)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


async def find_or_none(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> Composition | None:
    """The same; None when the patient has no such conclusion."""
    row = await db.fetchrow(
        "select * from compositions where person_id = $1 and id = $2" + (" for update" if lock else ""), person_id, id
    )
    return composition_of(row) if row is not None else None


def composition_of(row: Row) -> Composition:
    return as_model(Composition, row)


async def known(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Composition]:
    """The conclusions of this patient among `ids`."""
    rows = await db.fetch("select * from compositions where person_id = $1 and id = any($2)", person_id, list(ids))
    return {row["id"]: composition_of(row) for row in rows}


async def search(db: Connection, person_id: UUID, wanted: CompositionFilter, page: Page, *, title: str | None) -> Paged:
    """A page of a patient's conclusions, the newest first; `title` as it is kept."""
    query = (
        Query("select * from compositions")
        .where("person_id = {}", person_id)
        .where_given("encounter_id = {}", wanted.encounter_id)
        .where_given("episode_id = {}", wanted.context_episode_id)
        .where_given("type = {}", wanted.type)
        .where_given("category = {}", wanted.category)
        .where_given("status = {}", wanted.status)
        .where_given("title = {}", title)
        .where_given("author_id = {}", wanted.author)
        .where_given("{} = any(attester_ids)", wanted.attester)
        .where_given("custodian_id = {}", wanted.custodian)
        .where_given("date >= {}", _midnight(wanted.date_from or wanted.date))
        .where_given("date < {}", _midnight(wanted.date_to, after=True))
        .where_given("date < {}", _midnight(wanted.date, after=True))
    )
    if wanted.date_from is not None and wanted.date is not None:
        query.where("date >= {}", _midnight(wanted.date))
    return await query.page(db, page, order=NEWEST_FIRST)


def _midnight(day: date | None, *, after: bool = False) -> datetime | None:
    """The first moment of a day in Kyiv, or of the day after it."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=after), time(), tzinfo=KYIV).astimezone(UTC)


async def overlapping(db: Connection, person_id: UUID, type: str, first: date, last: date) -> list[Composition]:
    """CM-8: what stands of this type in these days and was not replaced."""
    rows = await db.fetch(
        f"select * from compositions c where person_id = $1 and type = $2 and {_STANDS} and valid_from <= $4"
        " and valid_to >= $3 and not exists (select from compositions o where o.person_id = $1"
        " and o.replaces_id = c.id and o.status = 'FINAL') order by valid_from, id",
        person_id,
        type,
        first,
        last,
    )
    return [composition_of(row) for row in rows]


async def days_before(db: Connection, person_id: UUID, id: UUID) -> int:
    """CM-9: days of a conclusion with all those that it goes on after."""
    found = await db.fetchval(
        """
        with recursive chain as (
            select id, appends_id, valid_to - valid_from + 1 as days from compositions where person_id = $1 and id = $2
            union
            select c.id, c.appends_id, c.valid_to - c.valid_from + 1
            from compositions c join chain on c.id = chain.appends_id where c.person_id = $1
        ) select coalesce(sum(days), 0) from chain
        """,
        person_id,
        id,
    )
    return int(found)


async def followers(db: Connection, person_id: UUID, ids: Collection[UUID]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Which of these were replaced, and which go on in another one, by conclusions that stand."""
    rows = await db.fetch(
        f"select replaces_id, appends_id from compositions where person_id = $1 and {_STANDS}"
        " and (replaces_id = any($2) or appends_id = any($2))",
        person_id,
        list(ids),
    )
    wanted = set(ids)
    return (
        frozenset(row["replaces_id"] for row in rows) & wanted,
        frozenset(row["appends_id"] for row in rows) & wanted,
    )


async def follower(db: Connection, person_id: UUID, id: UUID) -> Composition | None:
    """CM-11: a conclusion that stands and stands on this one."""
    row = await db.fetchrow(
        f"select * from compositions where person_id = $1 and {_STANDS} and (replaces_id = $2 or appends_id = $2)"
        " order by inserted_at limit 1",
        person_id,
        id,
    )
    return composition_of(row) if row is not None else None
