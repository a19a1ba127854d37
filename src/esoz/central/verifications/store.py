"""SQL of verifications of telephones."""

from datetime import datetime

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import insert

from .model import Status, Verification

_COLUMNS = "id, phone_number, content_hash, code_hash, status, attempts, code_expired_at, inserted_at, updated_at"


async def lock_phone(db: Db, phone: str) -> None:
    """One sending or trying of a telephone at a time, until the transaction ends."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"verification {phone}")


async def add(db: Db, made: Verification) -> None:
    await insert(
        db,
        "verifications",
        id=made.id,
        phone_number=made.phone_number,
        content_hash=made.content_hash,
        code_hash=made.code_hash,
        status=str(made.status),
        attempts=made.attempts,
        code_expired_at=made.code_expired_at,
        inserted_at=made.inserted_at,
        updated_at=made.updated_at,
    )


async def last(db: Db, phone: str) -> Verification | None:
    """The newest one of a telephone."""
    row = await db.fetchrow(
        f"select {_COLUMNS} from verifications where phone_number = $1 order by inserted_at desc, id desc limit 1",
        phone,
    )
    return Verification(**{**row, "status": Status(row["status"])}) if row else None


async def sent_since(db: Db, phone: str, since: datetime) -> int:
    count: int = await db.fetchval(
        "select count(*) from verifications where phone_number = $1 and inserted_at > $2", phone, since
    )
    return count


async def cancel_new(db: Db, phone: str, at: datetime) -> None:
    """OT-3: a new code ends the one before."""
    await db.execute(
        "update verifications set status = 'CANCELED', updated_at = $2 where phone_number = $1 and status = 'NEW'",
        phone,
        at,
    )


async def save(db: Db, changed: Verification) -> None:
    await db.execute(
        "update verifications set status = $2, attempts = $3, updated_at = $4 where id = $1",
        changed.id,
        str(changed.status),
        changed.attempts,
        changed.updated_at,
    )


async def remember(db: Db, phone: str, at: datetime) -> None:
    """OT-5: a telephone that was verified stays so."""
    await db.execute(
        "insert into verified_phones (phone_number, verified_at) values ($1, $2)"
        " on conflict (phone_number) do update set verified_at = excluded.verified_at",
        phone,
        at,
    )


async def is_verified(db: Db, phone: str) -> bool:
    """Was this telephone verified once."""
    found: bool | None = await db.fetchval("select true from verified_phones where phone_number = $1", phone)
    return found or False


async def expire(db: Db, now: datetime) -> None:
    await db.execute(
        "update verifications set status = 'EXPIRED', updated_at = $1 where status = 'NEW' and code_expired_at <= $1",
        now,
    )


async def delete_old(db: Db, before: datetime) -> None:
    await db.execute("delete from verifications where inserted_at < $1", before)
