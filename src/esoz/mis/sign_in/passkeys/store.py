"""Passkeys in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from .model import Passkey


async def add(db: Connection, passkey: Passkey) -> None:
    await insert(db, "passkeys", **{name: getattr(passkey, name) for name in Passkey.__slots__})


async def of_user(db: Connection, user_id: UUID, *, lock: bool = False) -> list[Passkey]:
    """All passkeys of a user, the oldest first."""
    if lock:
        await db.execute("select from users where id = $1 for update", user_id)
    rows = await db.fetch("select * from passkeys where user_id = $1 order by inserted_at, id", user_id)
    return [as_model(Passkey, row) for row in rows]


async def find(db: Connection, credential_id: bytes) -> Passkey | None:
    """The passkey of a credential, locked: one use at a time. None when nobody active has it."""
    row = await db.fetchrow(
        "select p.* from passkeys p join users u on u.id = p.user_id"
        " where p.credential_id = $1 and u.is_active for update of p",
        credential_id,
    )
    return as_model(Passkey, row) if row else None


async def exists(db: Connection, credential_id: bytes) -> bool:
    found: bool = await db.fetchval("select exists (select from passkeys where credential_id = $1)", credential_id)
    return found


async def use(db: Connection, id: UUID, sign_count: int, at: datetime) -> None:
    await db.execute("update passkeys set sign_count = $2, last_used_at = $3 where id = $1", id, sign_count, at)


async def delete(db: Connection, user_id: UUID, id: UUID) -> str | None:
    """The name of the deleted passkey; None when the user has no such."""
    found: str | None = await db.fetchval(
        "delete from passkeys where user_id = $1 and id = $2 returning name", user_id, id
    )
    return found


async def delete_all(db: Connection, user_id: UUID) -> None:
    await db.execute("delete from passkeys where user_id = $1", user_id)
