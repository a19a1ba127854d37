"""Rows of medical programmes."""

from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Programme


async def find(db: Connection, programme_id: UUID) -> Programme:
    """A programme; raise NotFound with the published text."""
    row = await db.fetchrow("select * from medical_programs where id = $1", programme_id)
    if row is None:
        raise NotFound("Medical program not found")
    return programme(row)


def programme(row: Row) -> Programme:
    return as_model(Programme, row)


async def search(
    db: Connection,
    page: Page,
    *,
    id: UUID | None,
    name: str | None,
    is_active: bool,
    mr_blank_type: str | None,
    type: str | None,
) -> Paged:
    """Programmes by the published filters, in the order they were made."""
    query = (
        Query("select * from medical_programs")
        .where("is_active = {}", is_active)
        .where_given("id = {}", id)
        .where_given("name ilike '%' || {} || '%'", name)
        .where_given("mr_blank_type = {}", mr_blank_type)
        .where_given("type = {}", type)
    )
    return await query.page(db, page, order="inserted_at, id")


async def save(db: Connection, programme: Programme) -> None:
    """Insert a programme or bring it up to date; who made it and when stays."""
    await db.execute(
        """
        insert into medical_programs (
            id, name, type, funding_source, mr_blank_type, settings, settings_text, is_active,
            medication_request_allowed, medication_request_allowed_text,
            medication_dispense_allowed, medication_dispense_allowed_text,
            inserted_at, inserted_by, updated_at, updated_by
        ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (id) do update set
            name = excluded.name, type = excluded.type, funding_source = excluded.funding_source,
            mr_blank_type = excluded.mr_blank_type, settings = excluded.settings,
            settings_text = excluded.settings_text, is_active = excluded.is_active,
            medication_request_allowed = excluded.medication_request_allowed,
            medication_request_allowed_text = excluded.medication_request_allowed_text,
            medication_dispense_allowed = excluded.medication_dispense_allowed,
            medication_dispense_allowed_text = excluded.medication_dispense_allowed_text,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by
        """,
        programme.id,
        programme.name,
        programme.type,
        programme.funding_source,
        programme.mr_blank_type,
        msgspec.to_builtins(programme.settings),
        programme.settings_text,
        programme.is_active,
        programme.medication_request_allowed,
        programme.medication_request_allowed_text,
        programme.medication_dispense_allowed,
        programme.medication_dispense_allowed_text,
        programme.inserted_at,
        programme.inserted_by,
        programme.updated_at,
        programme.updated_by,
    )
