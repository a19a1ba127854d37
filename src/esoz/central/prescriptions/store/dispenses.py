"""Rows of dispenses."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model.dispenses import Dispense, Status

_COLUMNS = tuple(field.name for field in fields(Dispense))


async def add(db: Connection, dispense: Dispense) -> None:
    await insert_later(db, "dispense_persons", id=dispense.id, person_id=dispense.person_id)
    await insert_later(db, "medication_dispenses", **{name: getattr(dispense, name) for name in _COLUMNS})


async def person_of(db: Connection, dispense_id: UUID) -> UUID:
    """Whose dispense this is; raise NotFound."""
    person_id = await db.fetchval("select person_id from dispense_persons where id = $1", dispense_id)
    if person_id is None:
        raise NotFound()
    return UUID(str(person_id))


async def find(db: Connection, person_id: UUID, dispense_id: UUID, *, lock: bool = False) -> Dispense:
    """A dispense of a person; `lock` holds others off until the end of the transaction. Raises NotFound."""
    row = await db.fetchrow(
        "select * from medication_dispenses where person_id = $1 and id = $2" + (" for update" if lock else ""),
        person_id,
        dispense_id,
    )
    if row is None:
        raise NotFound()
    return dispense(row)


def dispense(row: Row) -> Dispense:
    return as_model(Dispense, row)


async def of_request(db: Connection, person_id: UUID, request_id: UUID, *, lock: bool = False) -> list[Dispense]:
    """All dispenses by one prescription; `lock` holds others off until the end of the transaction."""
    rows = await db.fetch(
        "select * from medication_dispenses where person_id = $1 and medication_request_id = $2"
        " order by inserted_at, id" + (" for update" if lock else ""),
        person_id,
        request_id,
    )
    return [dispense(row) for row in rows]


async def save(db: Connection, dispense: Dispense) -> None:
    """Store what may change after the creation."""
    await write_later(
        db,
        "update medication_dispenses set status = $3, payment_id = $4, payment_amount = $5, signed_document = $6,"
        " updated_at = $7, updated_by = $8, processed_at = $9, returned_quantity = $10, returns = $11"
        " where person_id = $1 and id = $2",
        dispense.person_id,
        dispense.id,
        dispense.status,
        dispense.payment_id,
        dispense.payment_amount,
        dispense.signed_document,
        dispense.updated_at,
        dispense.updated_by,
        dispense.processed_at,
        dispense.returned_quantity,
        list(dispense.returns),
    )


async def search(
    db: Connection,
    page: Page,
    *,
    now: datetime,
    status: Status | None,
    filters: Mapping[str, object],
    dispensed: tuple[date | None, date | None] = (None, None),
) -> Paged:
    """Dispenses by columns and values (None = any) and by the days of handing over, both included."""
    query = Query("select * from medication_dispenses")
    for column, value in filters.items():
        query.where_given(f"{column} = {{}}", value)
    if status is Status.NEW:
        query.where("status = 'NEW' and held_until > {}", now)
    elif status is Status.EXPIRED:
        query.where("(status = 'EXPIRED' or status = 'NEW' and held_until <= {})", now)
    else:
        query.where_given("status = {}", status)
    query.where_given("dispensed_at >= {}", dispensed[0]).where_given("dispensed_at <= {}", dispensed[1])
    return await query.page(db, page, order="inserted_at, id")


async def count(
    db: Connection, legal_entity_id: UUID, days: tuple[date, date], division_id: UUID | None
) -> Mapping[Status, int]:
    """How many dispenses of a pharmacy were handed over on these days, by their status now."""
    query = Query("select status, count(*) as number from medication_dispenses")
    query.where("legal_entity_id = {}", legal_entity_id)
    query.where("status in ('PROCESSED', 'RETURNED')")
    query.where("dispensed_at >= {} and dispensed_at <= {}", *days)
    query.where_given("division_id = {}", division_id)
    rows = await db.fetch(f"{query.sql()} group by status", *query.values)
    return {Status(row["status"]): row["number"] for row in rows}


async def expire(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Let go of what was held longer than allowed; return (id, person) of each."""
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from medication_dispenses
            where status = 'NEW' and held_until <= $1 order by held_until limit $2 for update skip locked
        )
        update medication_dispenses set status = 'EXPIRED', updated_at = $1
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]
