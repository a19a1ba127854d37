"""Documents of handing over by paper that wait for a signature, or for central's answer."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID

from esoz.kernel.db import Connection, as_model

from .model import Prepared

_COLUMNS = tuple(field.name for field in fields(Prepared))
UNSIGNED_FOR = timedelta(days=2)  # what nobody signed by then was not handed over so


async def add(db: Connection, prepared: Prepared) -> None:
    """Keep what will be signed; forget what the pharmacy has left unsigned long ago."""
    await db.execute(
        "delete from paper_documents where clinic_id = $1 and created_at < $2 and signed is null",
        prepared.clinic_id,
        prepared.created_at - UNSIGNED_FOR,
    )
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
    await db.execute(
        f"insert into paper_documents ({', '.join(_COLUMNS)}) values ({places})",
        *(getattr(prepared, name) for name in _COLUMNS),
    )


async def find(db: Connection, id: UUID, clinic_id: UUID, *, lock: bool = False) -> Prepared | None:
    """What waits; `lock` makes a second click wait. None when it is settled, or another pharmacy's."""
    row = await db.fetchrow(
        f"select {', '.join(_COLUMNS)} from paper_documents where id = $1 and clinic_id = $2" + " for update" * lock,
        id,
        clinic_id,
    )
    return as_model(Prepared, row) if row else None


async def of_paper(db: Connection, paper_id: UUID, clinic_id: UUID) -> list[Prepared]:
    """What was begun by a blank and central does not have, the signed first."""
    rows = await db.fetch(
        f"select {', '.join(_COLUMNS)} from paper_documents where paper_id = $1 and clinic_id = $2"
        " order by signed is null, created_at desc limit 20",
        paper_id,
        clinic_id,
    )
    return [as_model(Prepared, row) for row in rows]


async def keep_signed(db: Connection, id: UUID, signed: bytes) -> None:
    """Keep the signed document: after a lost answer it is sent again, not signed again."""
    await db.execute("update paper_documents set signed = $2 where id = $1", id, signed)


async def drop(db: Connection, id: UUID) -> None:
    """Forget what central has, or what shall not be."""
    await db.execute("delete from paper_documents where id = $1", id)
