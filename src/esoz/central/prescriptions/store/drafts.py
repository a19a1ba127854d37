"""Rows of drafts and the look-up table of numbers."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Draft, Order
from ..model.drafts import EarlierCourse, Status

_COLUMNS = tuple(field.name for field in fields(Draft))


async def take_number(db: Connection, draft: Draft) -> None:
    """Reserve the draft's number in the whole country; when it is taken the act begins anew (MR-11)."""
    columns = {"request_number": draft.request_number, "id": draft.id, "person_id": draft.person_id}
    await insert_later(db, "prescription_numbers", **columns)


async def person_of(db: Connection, prescription_id: UUID) -> UUID:
    """Whose draft or prescription this is; raise NotFound."""
    person_id = await db.fetchval("select person_id from prescription_numbers where id = $1", prescription_id)
    if person_id is None:
        raise NotFound()
    return UUID(str(person_id))


async def id_of_number(db: Connection, number: str) -> UUID:
    """The id behind a number; raise NotFound."""
    found = await db.fetchval("select id from prescription_numbers where request_number = $1", number)
    if found is None:
        raise NotFound()
    return UUID(str(found))


async def add(db: Connection, draft: Draft) -> None:
    await insert_later(db, "medication_request_requests", **{name: getattr(draft, name) for name in _COLUMNS})


async def find(db: Connection, person_id: UUID, draft_id: UUID, *, lock: bool = False) -> Draft:
    """A draft of a person; `lock` holds others off until the end of the transaction. Raises NotFound."""
    row = await db.fetchrow(
        "select * from medication_request_requests where person_id = $1 and id = $2" + (" for update" if lock else ""),
        person_id,
        draft_id,
    )
    if row is None:
        raise NotFound()
    return draft(row)


def draft(row: Row) -> Draft:
    return as_model(Draft, row)


async def set_status(db: Connection, draft: Draft) -> None:
    await write_later(
        db,
        "update medication_request_requests set status = $3, updated_at = $4, updated_by = $5"
        " where person_id = $1 and id = $2",
        draft.person_id,
        draft.id,
        draft.status,
        draft.updated_at,
        draft.updated_by,
    )


async def search(
    db: Connection,
    page: Page,
    *,
    person_id: UUID,
    legal_entity_id: UUID | None,
    now: datetime,
    status: Status | None,
    filters: Mapping[str, object],
) -> Paged:
    """Drafts for a person, of one clinic when it is given; `filters` are columns and values, None = any."""
    query = (
        Query("select * from medication_request_requests")
        .where("person_id = {}", person_id)
        .where_given("legal_entity_id = {}", legal_entity_id)
    )
    if status is Status.NEW:
        query.where("status = 'NEW' and expires_at > {}", now)
    elif status is Status.EXPIRED:
        query.where("(status = 'EXPIRED' or status = 'NEW' and expires_at <= {})", now)
    else:
        query.where_given("status = {}", status)
    for column, value in filters.items():
        query.where_given(f"{column} = {{}}", value)
    return await query.page(db, page, order="inserted_at, id")


async def earlier(db: Connection, order: Order, innm_id: UUID, programme_id: UUID, today: date) -> EarlierCourse | None:
    """The last active or completed prescription of a substance in a programme that began by the order's end (MR-8).

    Active today: one whose last day is over holds nobody back, whether or not the periodic task has been here.
    """
    row = await db.fetchrow(
        """
        select started_at, ended_at from medication_requests
        where person_id = $1 and medical_program_id = $3 and intent = 'order'
            and (status = 'COMPLETED' or status = 'ACTIVE' and last_day >= $5)
            and started_at <= $4 and medication_id in (
                select innm_dosage_id from innm_dosage_ingredients where innm_id = $2 and is_primary)
        order by ended_at desc limit 1
        """,
        order.person_id,
        innm_id,
        programme_id,
        order.ended_at,
        today,
    )
    return None if row is None else EarlierCourse(row["started_at"], row["ended_at"])


async def expire(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """End drafts that nobody signed in time; return (id, person) of each."""
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from medication_request_requests
            where status = 'NEW' and expires_at <= $1 order by expires_at limit $2 for update skip locked
        )
        update medication_request_requests set status = 'EXPIRED', updated_at = $1
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]
