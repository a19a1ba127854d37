"""Requests about who speaks for a patient, in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from .model import TERM, ConfidantRequest

MOST_OPEN = 10


async def add(db: Connection, **columns: object) -> None:
    await insert(db, "confidant_requests", **columns)


async def find(
    db: Connection, clinic_id: UUID, person_id: UUID, id: UUID, *, lock: bool = False
) -> ConfidantRequest | None:
    row = await db.fetchrow(
        "select * from confidant_requests where id = $1 and clinic_id = $2 and person_id = $3" + " for update" * lock,
        id,
        clinic_id,
        person_id,
    )
    return as_model(ConfidantRequest, row) if row else None


async def open_of(db: Connection, clinic_id: UUID, person_id: UUID, now: datetime) -> list[ConfidantRequest]:
    """What the clinic has begun about a patient and not finished, the latest first."""
    rows = await db.fetch(
        "select * from confidant_requests where person_id = $1 and clinic_id = $2 and state <> 'done'"
        " and created_at > $3 order by created_at desc limit $4",
        person_id,
        clinic_id,
        now - TERM,
        MOST_OPEN,
    )
    return [as_model(ConfidantRequest, row) for row in rows]


async def end_others(db: Connection, clinic_id: UUID, person_id: UUID) -> None:
    """A newer request ends those before it, as in central."""
    await db.execute(
        "delete from confidant_requests where person_id = $1 and clinic_id = $2 and state <> 'done'",
        person_id,
        clinic_id,
    )


async def change(db: Connection, id: UUID, **columns: object) -> None:
    """Set columns."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await db.execute(f"update confidant_requests set {names} where id = $1", id, *columns.values())


async def forget_old(db: Connection, now: datetime) -> None:
    """Central has given up what nobody confirmed or signed, and what is done stands in central."""
    await db.execute("delete from confidant_requests where updated_at < $1", now - TERM)
