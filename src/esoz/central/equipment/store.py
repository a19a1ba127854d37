"""SQL of equipment."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import Equipment

_FIELDS = tuple(Equipment.__dataclass_fields__)
_EQUIPMENT = f"select {', '.join(_FIELDS)} from equipment"
_EXACT = (
    "division_id",
    "device_definition_id",
    "type",
    "status",
    "model_number",
    "manufacturer",
    "availability_status",
    "recorder",
    "inventory_number",
    "serial_number",
)


class EquipmentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    division_id: UUID | None = None
    device_definition_id: UUID | None = None
    type: str | None = None
    status: str | None = None
    model_number: str | None = None
    manufacturer: str | None = None
    availability_status: str | None = None
    recorder: UUID | None = None
    inventory_number: str | None = None
    serial_number: str | None = None
    name: str | None = None
    created_from: date | None = None
    created_to: date | None = None


async def find_equipment(db: Connection, id: UUID, *, lock: bool = False) -> Equipment:
    """One thing; raise NotFound."""
    row = await db.fetchrow(f"{_EQUIPMENT} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(Equipment, row)


async def equipment(
    db: Connection, legal_entity_id: UUID | None, filters: EquipmentFilter, page: Page
) -> tuple[list[Equipment], Paged]:
    """Equipment, the oldest first; the days of recording are days in Kyiv, both included."""
    query = Query(_EQUIPMENT).where_given("legal_entity_id = {}", legal_entity_id)
    for name in _EXACT:
        query.where_given(f"{name} = {{}}", getattr(filters, name))
    query.where_given(
        "exists (select from jsonb_array_elements(names) n where strpos(lower(n ->> 'name'), lower({})) > 0)",
        filters.name,
    )
    query.where_given("inserted_at >= {}", _midnight(filters.created_from, 0))
    query.where_given("inserted_at < {}", _midnight(filters.created_to, 1))
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Equipment, row) for row in paged.rows], paged


async def add(db: Connection, equipment: Equipment) -> None:
    """Write new equipment."""
    columns = {field: getattr(equipment, field) for field in _FIELDS}
    statuses = {"status": equipment.status.value, "availability_status": equipment.availability_status.value}
    await insert(db, "equipment", **columns | statuses)


async def save(db: Connection, equipment: Equipment) -> None:
    """Write what may change."""
    await db.execute(
        "update equipment set status = $2, error_reason = $3, availability_status = $4, updated_at = $5,"
        " updated_by = $6 where id = $1",
        equipment.id,
        equipment.status.value,
        equipment.error_reason,
        equipment.availability_status.value,
        equipment.updated_at,
        equipment.updated_by,
    )


def _midnight(day: date | None, later: int) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, datetime.min.time(), KYIV) + timedelta(days=later)
