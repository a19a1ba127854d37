"""Rows of the journal of the war."""

from dataclasses import fields
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name

from ..model.emergency import EmergencyDispense, EmergencyFilter

_COLUMNS = tuple(field.name for field in fields(EmergencyDispense))
_DISPENSES = f"select {', '.join(_COLUMNS)} from emergency_dispenses"


async def wait_turn(db: Connection, id: UUID) -> None:
    """Copies of one document wait for each other: the second sees what the first has made."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"emergency_dispense:{id}")


async def add(db: Connection, dispense: EmergencyDispense) -> None:
    values = {name: getattr(dispense, name) for name in _COLUMNS}
    await insert_later(db, "emergency_dispenses", **values | {"status": str(dispense.status)})


async def known(db: Connection, id: UUID) -> EmergencyDispense | None:
    """An entry of whatever pharmacy."""
    row = await db.fetchrow(f"{_DISPENSES} where id = $1", id)
    return as_model(EmergencyDispense, row) if row else None


async def find(db: Connection, id: UUID, *, lock: bool = False) -> EmergencyDispense:
    """An entry; raise NotFound."""
    row = await db.fetchrow(f"{_DISPENSES} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(EmergencyDispense, row)


async def save(db: Connection, dispense: EmergencyDispense) -> None:
    """Store what may change: that it was a mistake."""
    await write_later(
        db,
        "update emergency_dispenses set status = $2, error_reason = $3, updated_at = $4, updated_by = $5 where id = $1",
        dispense.id,
        str(dispense.status),
        dispense.error_reason,
        dispense.updated_at,
        dispense.updated_by,
    )


async def journal(
    db: Connection, legal_entity_id: UUID | None, filters: EmergencyFilter, page: Page
) -> tuple[list[EmergencyDispense], Paged]:
    """Entries of a pharmacy, the latest day first."""
    query = Query(_DISPENSES).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("division_id = {}", filters.division_id)
    query.where_given("status = {}", filters.status and str(filters.status))
    query.where_given("strpos(plain_name(words), {}) > 0", filters.medication and plain_name(filters.medication))
    query.where_given("dispensed_at >= {}", filters.dispensed_from).where_given(
        "dispensed_at <= {}", filters.dispensed_to
    )
    paged = await query.page(db, page, order="dispensed_at desc, inserted_at desc, id desc")
    return [as_model(EmergencyDispense, row) for row in paged.rows], paged
