"""SQL of licenses, in the table that registration fills too."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import LicenseFilter, LicenseRecord

_FIELDS = tuple(LicenseRecord.__dataclass_fields__)
_LASTING = ("id", "legal_entity_id", "inserted_at", "inserted_by")
_LICENSES = f"select {', '.join(_FIELDS)} from licenses"


async def licenses(
    db: Connection, legal_entity_id: UUID | None, filters: LicenseFilter, page: Page
) -> tuple[list[LicenseRecord], Paged]:
    """Licenses, the oldest first."""
    query = Query(_LICENSES).where("is_active").where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("id = {}", filters.id).where_given("license_number = {}", filters.license_number)
    query.where_given("type = {}", filters.type).where_given("is_primary = {}", filters.is_primary)
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(LicenseRecord, row) for row in paged.rows], paged


async def find_license(db: Connection, id: UUID, *, lock: bool = False) -> LicenseRecord:
    """One license; raise NotFound."""
    row = await db.fetchrow(f"{_LICENSES} where id = $1 and is_active" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(LicenseRecord, row)


async def has_license_in_force(db: Connection, legal_entity_id: UUID, types: Sequence[str], day: date) -> bool:
    """Whether a legal entity practises that day under a license of one of these types, the primary one or another."""
    rows = await db.fetch(
        f"{_LICENSES} where legal_entity_id = $1 and type = any($2) and is_active", legal_entity_id, list(types)
    )
    return any(as_model(LicenseRecord, row).is_in_force(day) for row in rows)


async def add(db: Connection, record: LicenseRecord) -> None:
    """Write a new license."""
    await insert(db, "licenses", **{field: getattr(record, field) for field in _FIELDS})


async def save(db: Connection, record: LicenseRecord) -> None:
    """Write what changed of a license."""
    columns = {name: getattr(record, name) for name in _FIELDS if name not in _LASTING}
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await db.execute(f"update licenses set {changes} where id = $1", record.id, *columns.values())
