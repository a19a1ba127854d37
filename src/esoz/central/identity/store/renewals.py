"""SQL of answers to renewals, kept for a short while."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Row, insert


async def keep(db: Db, token_id: UUID, access_id: UUID, *, sealed: bytes, until: datetime) -> None:
    await insert(db, "renewals", token_id=token_id, access_id=access_id, sealed=sealed, expires_at=until)


async def kept(db: Db, token_id: UUID, now: datetime) -> Row | None:
    """The answer that a spent token got, unless its time is over."""
    row: Row | None = await db.fetchrow(
        "select access_id, sealed from renewals where token_id = $1 and expires_at > $2", token_id, now
    )
    return row


async def delete_old(db: Db, before: datetime) -> None:
    await db.execute("delete from renewals where expires_at < $1", before)
