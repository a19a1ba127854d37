"""Requests and links of recovery, in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row, insert


async def ask(db: Connection, email: str, now: datetime) -> None:
    await insert(db, "recovery_requests", email=email, asked_at=now)


async def taken_request(db: Connection) -> str | None:
    """The address of the oldest request, which is forgotten with it."""
    email: str | None = await db.fetchval(
        "delete from recovery_requests where number ="
        " (select number from recovery_requests order by number for update skip locked limit 1) returning email"
    )
    return email


async def user_of(db: Connection, email: str) -> Row | None:
    """An active user by address, locked: one mail at a time."""
    found: Row | None = await db.fetchrow(
        "select id, email from users where lower(email) = lower($1) and is_active for update", email
    )
    return found


async def sent_since(db: Connection, user_id: UUID, since: datetime) -> list[datetime]:
    rows = await db.fetch("select sent_at from recoveries where user_id = $1 and sent_at > $2", user_id, since)
    return [row["sent_at"] for row in rows]


async def add(db: Connection, digest: bytes, user_id: UUID, now: datetime) -> None:
    """A new link; earlier ones of the user lead nowhere from here on."""
    await db.execute("update recoveries set used_at = $2 where user_id = $1 and used_at is null", user_id, now)
    await insert(db, "recoveries", digest=digest, user_id=user_id, sent_at=now)


async def find(db: Connection, digest: bytes, *, lock: bool = False) -> Row | None:
    """A link with its user; `lock` makes a second click wait. None when there is none, or its user has left."""
    found: Row | None = await db.fetchrow(
        "select r.user_id, r.sent_at, r.used_at from recoveries r join users u on u.id = r.user_id"
        " where r.digest = $1 and u.is_active" + " for update of r" * lock,
        digest,
    )
    return found


async def use(db: Connection, digest: bytes, now: datetime) -> None:
    await db.execute("update recoveries set used_at = $2 where digest = $1", digest, now)


async def delete_old(db: Connection, before: datetime) -> None:
    await db.execute("delete from recoveries where sent_at < $1", before)
