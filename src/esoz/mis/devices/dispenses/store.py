"""Dispenses of devices that are under way at this pharmacy, in SQL."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from .model import Begun

_COLUMNS = tuple(field.name for field in fields(Begun))
_BEGUN = f"select {', '.join(_COLUMNS)} from device_dispenses"
LEFT_FOR = timedelta(days=2)  # what central holds for ten minutes and nobody went on with was not handed over


async def find(db: Connection, id: UUID, clinic_id: UUID, *, lock: bool = False) -> Begun | None:
    """What is under way; `lock` makes a second click wait. None when it is settled, or another pharmacy's."""
    row = await db.fetchrow(f"{_BEGUN} where id = $1 and clinic_id = $2" + " for update" * lock, id, clinic_id)
    return as_model(Begun, row) if row else None


async def add(db: Connection, begun: Begun) -> None:
    """Note what is asked of central; forget what the pharmacy has left unsigned long ago."""
    await db.execute(
        "delete from device_dispenses where clinic_id = $1 and created_at < $2 and signed is null",
        begun.clinic_id,
        begun.created_at - LEFT_FOR,
    )
    await insert(db, "device_dispenses", **{name: getattr(begun, name) for name in _COLUMNS})


async def save(db: Connection, begun: Begun) -> None:
    """What was asked last, and what is signed."""
    await db.execute(
        "update device_dispenses set user_id = $2, act = $3, job_id = $4, form = $5, content = $6, signed = $7"
        " where id = $1",
        begun.id,
        begun.user_id,
        begun.act,
        begun.job_id,
        begun.form,
        begun.content,
        begun.signed,
    )


async def drop(db: Connection, id: UUID) -> None:
    """Forget what is settled: central keeps it."""
    await db.execute("delete from device_dispenses where id = $1", id)


async def under_way(db: Connection, clinic_id: UUID, since: datetime) -> Sequence[Begun]:
    """What this pharmacy has begun since a moment, or signed, and not settled; the newest first."""
    rows = await db.fetch(
        f"{_BEGUN} where clinic_id = $1 and (created_at > $2 or signed is not null)"
        " order by created_at desc, id desc limit 20",
        clinic_id,
        since,
    )
    return [as_model(Begun, row) for row in rows]


async def wait_turn(db: Connection, request_id: UUID) -> None:
    """One dispense by a prescription at a time in this pharmacy, whoever of its people begins it."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"device_dispense:{request_id}")
