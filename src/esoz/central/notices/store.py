"""Rows of notices and of the ways that were asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from esoz.kernel.act import insert_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model

from .model import Asked, Kind, Notice, Outcome, State, Way

_COLUMNS = tuple(field.name for field in fields(Notice) if field.name != "asked")


async def add(db: Connection, notice: Notice) -> None:
    await insert_later(db, "notices", **{name: getattr(notice, name) for name in _COLUMNS})


async def add_way(db: Connection, notice: Notice, asked: Asked) -> None:
    await insert_later(
        db,
        "notice_ways",
        message_id=asked.message_id,
        person_id=notice.person_id,
        notice_id=notice.id,
        place=asked.place,
        way=asked.way,
        address=asked.address,
        outcome=asked.outcome,
        outcome_at=asked.outcome_at,
        pass_at=asked.pass_at,
    )


async def due(db: Connection, now: datetime, limit: int) -> Sequence[Notice]:
    """Notices that something is known of, or whose way was silent too long; held until the end of the transaction."""
    rows = await db.fetch(
        "select * from notices where look_at <= $1 order by look_at limit $2 for update skip locked", now, limit
    )
    return await _with_ways(db, rows)


async def page_about(db: Connection, page: Page, person_id: UUID, resource_id: UUID) -> Paged:
    """What a person was told about a resource, the newest first; rows are notices."""
    query = Query("select * from notices").where("person_id = {} and resource_id = {}", person_id, resource_id)
    paged = await query.page(db, page, order="inserted_at desc, id desc")
    return Paged(await _with_ways(db, paged.rows), paged.page, paged.total)


async def last_about(db: Connection, person_id: UUID, resource_id: UUID, kinds: Collection[Kind]) -> Notice | None:
    """The newest notice of these kinds about a resource, without its ways."""
    row = await db.fetchrow(
        "select * from notices where person_id = $1 and resource_id = $2 and kind = any($3)"
        " order by inserted_at desc, id desc limit 1",
        person_id,
        resource_id,
        [str(kind) for kind in kinds],
    )
    return _notice(row, ()) if row else None


async def save(db: Connection, notice: Notice) -> None:
    """Store what changes while a notice is under way."""
    await db.execute(
        "update notices set ways = $3, state = $4, sealed = $5, look_at = $6, ended_at = $7"
        " where person_id = $1 and id = $2",
        notice.person_id,
        notice.id,
        list(notice.ways),
        notice.state,
        notice.sealed,
        notice.look_at,
        notice.ended_at,
    )


async def set_outcome(db: Connection, message_id: UUID, outcome: Outcome, now: datetime) -> None:
    await db.execute(
        "update notice_ways set outcome = $2, outcome_at = $3 where message_id = $1", message_id, outcome, now
    )


async def _with_ways(db: Connection, rows: Sequence[Row]) -> list[Notice]:
    if not rows:
        return []
    persons, ids = [row["person_id"] for row in rows], [row["id"] for row in rows]
    found = await db.fetch(
        "select w.*, m.status = 'sent' as is_sent, m.status = 'failed' as is_dead,"
        " m.ask_at is not null as is_asked_about, m.delivery from notice_ways w"
        " join unnest($1::uuid[], $2::uuid[]) as wanted (person_id, notice_id) using (person_id, notice_id)"
        " join messages m on m.id = w.message_id order by w.place",
        persons,
        ids,
    )
    by_notice: dict[UUID, list[Asked]] = {}
    for row in found:
        by_notice.setdefault(row["notice_id"], []).append(_asked(row))
    return [_notice(row, by_notice.get(row["id"], ())) for row in rows]


def _asked(row: Row) -> Asked:
    names: Mapping[str, object] = {field.name: row[field.name] for field in fields(Asked)}
    return as_model(Asked, names)


def _notice(row: Row, asked: Sequence[Asked]) -> Notice:
    values = {name: row[name] for name in _COLUMNS}
    values |= {"kind": Kind(row["kind"]), "state": State(row["state"]), "ways": [Way(each) for each in row["ways"]]}
    return Notice(**values, asked=asked)
