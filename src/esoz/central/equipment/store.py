"""SQL of equipment."""

from datetime import date, datetime, timedelta
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import Equipment, EquipmentFilter

_FIELDS = tuple(Equipment.__dataclass_fields__)
_EQUIPMENT = f"select {', '.join(_FIELDS)} from equipment"
_EXACT = [name for name in EquipmentFilter.__struct_fields__ if name not in ("name", "created_from", "created_to")]


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
        "exists (select from jsonb_array_elements(names) n where strpos(plain_name(n ->> 'name'), plain_name({})) > 0)",
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
