"""SQL of events: told from the chained audit log, each line once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many
from esoz.kernel.errors import NotFound

from .model import ChangeEvent, EventFilter, Line

_FIELDS = tuple(ChangeEvent.__dataclass_fields__)
_ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_EVENTS = f"select {', '.join(_FIELDS)} from events"


@dataclass(frozen=True, slots=True)
class Told:
    """How far the audit log was read: the last link of the chain, and the moment before which nothing will be added."""

    number: int
    until: datetime


async def told(db: Connection, *, lock: bool = False) -> Told:
    """How far the log was read; `lock` lets one reader go on at a time."""
    row = await db.fetchrow("select number, until from events_told" + (" for update" if lock else ""))
    return Told(row["number"], row["until"])


async def go_on(db: Connection, told: Told) -> None:
    await db.execute("update events_told set number = $1, until = $2", told.number, told.until)


async def last_link(db: Connection, after: int, most: int) -> int | None:
    """The last of the next `most` links of the chain; None when there is none."""
    number: int | None = await db.fetchval(
        "select max(number) from (select number from audit_chain where number > $1 order by number limit $2) links",
        after,
        most,
    )
    return number


async def lines(db: Connection, after: int, to: int, events: Collection[str]) -> list[Line]:
    """Lines of these events about acts that were done, between two links, in the order of the chain."""
    rows = await db.fetch(
        "select line.id, line.at, line.event, line.resource_id, line.user_id, line.facts from audit_chain link"
        " join audit_events line on line.at = link.at and line.id = link.event_id"
        " where link.number > $1 and link.number <= $2 and line.event = any($3) and line.outcome = 'done'"
        " and line.resource_id ~ $4 order by link.number",
        after,
        to,
        list(events),
        _ID,  # a line about nothing in particular means no event, and must not stop the rest
    )
    return [Line(**row) for row in rows]


async def first_pending(db: Connection) -> datetime | None:
    """The moment of the oldest line that is not in the chain yet."""
    moment: datetime | None = await db.fetchval("select min(at) from audit_pending")
    return moment


async def asked(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The statuses of records whose lines do not say them."""
    rows = await db.fetch(
        "select id, status from declarations where id = any($1)"
        " union all select id, status from legal_entities where id = any($1)",
        list(ids),
    )
    return {row["id"]: row["status"] for row in rows}


async def employees_of_requests(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Whom an invitation that was accepted made, or changed."""
    rows = await db.fetch(
        "select id, employee_id from employee_requests where id = any($1) and employee_id is not null", list(ids)
    )
    return {row["id"]: row["employee_id"] for row in rows}


async def add(db: Connection, found: Sequence[ChangeEvent]) -> None:
    places = ", ".join(f"${number}" for number in range(1, len(_FIELDS) + 1))
    await execute_many(
        db,
        f"insert into events ({', '.join(_FIELDS)}) values ({places})",
        [tuple(getattr(each, name) for name in _FIELDS) for each in found],
    )


async def events(db: Connection, filters: EventFilter, start: datetime, end: datetime, page: Page) -> Paged:
    """A page of events of these hours, the oldest first."""
    query = Query(_EVENTS).where("event_time >= {}", start).where("event_time < {}", end)
    query.where_given("event_type = {}", filters.event_type).where_given("entity_type = {}", filters.entity_type)
    if filters.attribute_name is not None:
        query.where("properties ? {}", filters.attribute_name)
        query.where_given(f"properties -> ${len(query.values)} ->> 'new_value' = {{}}", filters.new_value)
    else:
        query.where_given("new_value = {}", filters.new_value)
    return await query.page(db, page, order="event_time, id")


async def event(db: Connection, id: UUID) -> ChangeEvent:
    """One event; raise NotFound."""
    row: Row | None = await db.fetchrow(f"{_EVENTS} where id = $1", id)
    if row is None:
        raise NotFound()
    return as_event(row)


def as_event(row: Row) -> ChangeEvent:
    return as_model(ChangeEvent, {name: row[name] for name in _FIELDS})


async def delete_old(db: Connection, before: datetime, most: int) -> None:
    await db.execute(
        "delete from events where id in (select id from events where event_time < $1 order by event_time limit $2)",
        before,
        most,
    )
