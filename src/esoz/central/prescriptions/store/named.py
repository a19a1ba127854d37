"""Rows that medical records name: drugs, and prescriptions of one patient."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row


async def drugs(db: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Name, and whether it is in use, of each dosage and each package among `ids`."""
    rows = await db.fetch(
        "select id, name, is_active from innm_dosages where id = any($1)"
        " union all select id, name, is_active from medications where id = any($1)",
        list(ids),
    )
    return {row["id"]: (row["name"], row["is_active"]) for row in rows}


async def prescriptions(db: Connection, person_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each prescription of this patient among `ids`."""
    rows = await db.fetch(
        "select id, request_number from medication_requests where person_id = $1 and id = any($2)", person_id, list(ids)
    )
    return {row["id"]: row["request_number"] for row in rows}


async def packages(db: Connection) -> dict[UUID, Row]:
    """All packages by id, without the times of their rows."""
    rows = await db.fetch("select id, to_jsonb(m) - 'inserted_at' - 'updated_at' as package from medications m")
    return {row["id"]: row["package"] for row in rows}


async def touched(db: Connection, now: datetime) -> set[UUID]:
    """The packages written at this moment: those that an import has just brought."""
    return {row["id"] for row in await db.fetch("select id from medications where updated_at = $1", now)}


async def put_out_of_use(db: Connection, ids: Collection[UUID], now: datetime) -> None:
    """Packages that the register does not have any more."""
    await db.execute("update medications set is_active = false, updated_at = $2 where id = any($1)", list(ids), now)
