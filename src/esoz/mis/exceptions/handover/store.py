"""Documents that wait for a signature, or for central's answer."""

from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from .model import Prepared

_COLUMNS = tuple(field.name for field in fields(Prepared))
_DOCUMENTS = f"select {', '.join(_COLUMNS)} from exception_documents"
UNSIGNED_FOR = timedelta(days=2)  # what nobody signed by then was not handed over so


async def add(db: Connection, prepared: Prepared) -> None:
    """Keep what will be signed; forget what the pharmacy has left unsigned long ago."""
    await db.execute(
        "delete from exception_documents where clinic_id = $1 and kind = $2 and created_at < $3 and signed is null",
        prepared.clinic_id,
        prepared.kind,
        prepared.created_at - UNSIGNED_FOR,
    )
    await insert(db, "exception_documents", **{name: getattr(prepared, name) for name in _COLUMNS})


async def find(db: Connection, kind: str, id: UUID, clinic_id: UUID, *, lock: bool = False) -> Prepared | None:
    """What waits; `lock` makes a second click wait. None when it is settled, or another pharmacy's."""
    row = await db.fetchrow(
        f"{_DOCUMENTS} where id = $1 and clinic_id = $2 and kind = $3" + " for update" * lock, id, clinic_id, kind
    )
    return as_model(Prepared, row) if row else None


async def waiting(db: Connection, kind: str, clinic_id: UUID, now: datetime) -> list[Prepared]:
    """What this pharmacy has begun and central does not have, the signed first."""
    rows = await db.fetch(
        f"{_DOCUMENTS} where clinic_id = $1 and kind = $2 and (signed is not null or created_at > $3)"
        " order by signed is null, created_at desc limit 20",
        clinic_id,
        kind,
        now - UNSIGNED_FOR,
    )
    return [as_model(Prepared, row) for row in rows]


async def unsettled(db: Connection, clinic_id: UUID, now: datetime) -> dict[str, tuple[int, int]]:
    """By the way of handing over, what is signed and central does not have, and what waits for a signature."""
    rows = await db.fetch(
        "select kind, count(signed) as signed, count(*) - count(signed) as unsigned from exception_documents"
        " where clinic_id = $1 and (signed is not null or created_at > $2) group by kind",
        clinic_id,
        now - UNSIGNED_FOR,
    )
    return {row["kind"]: (row["signed"], row["unsigned"]) for row in rows}


async def about(db: Connection, about_id: UUID, clinic_id: UUID) -> list[Prepared]:
    """What was begun by a blank or a request and central does not have, the signed first."""
    rows = await db.fetch(
        f"{_DOCUMENTS} where about_id = $1 and clinic_id = $2 order by signed is null, created_at desc limit 20",
        about_id,
        clinic_id,
    )
    return [as_model(Prepared, row) for row in rows]


async def keep_signed(db: Connection, id: UUID, user_id: UUID, signed: bytes) -> None:
    """Keep the signed document and whose act it is: after a lost answer it is sent again, not signed again."""
    await db.execute("update exception_documents set signed = $3, user_id = $2 where id = $1", id, user_id, signed)


async def unsign(db: Connection, id: UUID) -> None:
    """What central has refused waits for a signature again."""
    await db.execute("update exception_documents set signed = null where id = $1", id)


async def drop(db: Connection, id: UUID) -> None:
    """Forget what central has, or what shall not be."""
    await db.execute("delete from exception_documents where id = $1", id)
