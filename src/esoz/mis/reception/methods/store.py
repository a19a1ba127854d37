"""Requests about ways to confirm, in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from .model import TERM, MethodRequest


async def add(db: Connection, **columns: object) -> None:
    await insert(db, "method_requests", **columns)


async def find(
    db: Connection, clinic_id: UUID, person_id: UUID, id: UUID, *, lock: bool = False
) -> MethodRequest | None:
    row = await db.fetchrow(
        "select * from method_requests where id = $1 and clinic_id = $2 and person_id = $3" + " for update" * lock,
        id,
        clinic_id,
        person_id,
    )
    return as_model(MethodRequest, row) if row else None


async def change(db: Connection, id: UUID, **columns: object) -> MethodRequest:
    """Set columns; return the request as it is now."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    row = await db.fetchrow(f"update method_requests set {names} where id = $1 returning *", id, *columns.values())
    return as_model(MethodRequest, row)


async def forget_old(db: Connection, now: datetime) -> None:
    """Central has given up what nobody confirmed, and what is done stands in central."""
    await db.execute("delete from method_requests where updated_at < $1", now - TERM)
