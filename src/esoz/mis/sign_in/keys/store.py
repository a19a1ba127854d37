"""Certificates of keys, in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model

from .model import Ending, RegisteredKey, State


async def listed(db: Connection, user_id: UUID) -> list[RegisteredKey]:
    """All certificates of a user: active ones first, the newest first."""
    rows = await db.fetch(
        "select * from key_certificates where user_id = $1 order by state <> 'active', changed_at desc, id", user_id
    )
    return [as_model(RegisteredKey, row) for row in rows]


async def find(db: Connection, user_id: UUID, id: UUID) -> RegisteredKey | None:
    """One certificate of a user, locked; None when they have no such."""
    row = await db.fetchrow("select * from key_certificates where user_id = $1 and id = $2 for update", user_id, id)
    return as_model(RegisteredKey, row) if row else None


async def same(db: Connection, user_id: UUID, fingerprint: bytes) -> RegisteredKey | None:
    """The same certificate registered before, locked."""
    row = await db.fetchrow(
        "select * from key_certificates where user_id = $1 and fingerprint = $2 for update", user_id, fingerprint
    )
    return as_model(RegisteredKey, row) if row else None


async def add(db: Connection, registered: RegisteredKey) -> bool:
    """Keep a certificate; False when somebody kept it at the same moment."""
    values = [getattr(registered, name) for name in RegisteredKey.__slots__]
    names = ", ".join(RegisteredKey.__slots__)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    added: bool | None = await db.fetchval(
        f"insert into key_certificates ({names}) values ({places}) on conflict do nothing returning true", *values
    )
    return bool(added)


async def set_state(db: Connection, id: UUID, state: State, at: datetime) -> None:
    await db.execute("update key_certificates set state = $2, changed_at = $3 where id = $1", id, str(state), at)


async def note_use(db: Connection, user_id: UUID, fingerprint: bytes, at: datetime, before: datetime) -> None:
    """Remember when a known key was used, when it was last noted before a moment."""
    await db.execute(
        "update key_certificates set used_at = $3 where user_id = $1 and fingerprint = $2"
        " and (used_at is null or used_at < $4)",
        user_id,
        fingerprint,
        at,
        before,
    )


async def knows(db: Connection, user_id: UUID, fingerprint: bytes) -> bool:
    found: bool = await db.fetchval(
        "select exists (select from key_certificates where user_id = $1 and fingerprint = $2)", user_id, fingerprint
    )
    return found


async def last_signed(db: Connection, user_id: UUID) -> bytes | None:
    """The last document that a user signed here."""
    found: bytes | None = await db.fetchval(
        "select signed from ("
        " (select signed, updated_at from documents where user_id = $1 and signed is not null"
        "  order by updated_at desc limit 1)"
        " union all (select signed, updated_at from prescriptions where user_id = $1 and signed is not null"
        "  order by updated_at desc limit 1)) newest order by updated_at desc limit 1",
        user_id,
    )
    return found


async def clinic_code(db: Connection, clinic_id: UUID) -> str | None:
    """The code (ЄДРПОУ) of a clinic; None when it was not asked for yet."""
    found: str | None = await db.fetchval("select edrpou from clinics where id = $1", clinic_id)
    return found


async def set_clinic_code(db: Connection, clinic_id: UUID, code: str) -> None:
    await db.execute("update clinics set edrpou = $2 where id = $1", clinic_id, code)


async def ending(db: Connection, before: datetime, now: datetime) -> list[tuple[Ending, list[RegisteredKey]]]:
    """Active certificates of people who work here that end before a moment, each with all active ones of its user."""
    rows = await db.fetch(
        "select k.id, u.email, k.issuer, k.not_after, k.user_id from key_certificates k"
        " join users u on u.id = k.user_id where k.state = 'active' and u.is_active"
        " and k.not_after > $2 and k.not_after <= $1 order by k.id",
        before,
        now,
    )
    users = {row["user_id"] for row in rows}
    others = await db.fetch("select * from key_certificates where state = 'active' and user_id = any($1)", list(users))
    kept = [as_model(RegisteredKey, row) for row in others]
    return [
        (
            Ending(row["id"], row["email"], row["issuer"], row["not_after"]),
            [each for each in kept if each.user_id == row["user_id"]],
        )
        for row in rows
    ]


async def note_reminder(db: Connection, id: UUID, days: int) -> bool:
    """Remember that this one was sent; False when it was sent before."""
    taken: bool | None = await db.fetchval(
        "insert into key_reminders (certificate_id, days) values ($1, $2) on conflict do nothing returning true",
        id,
        days,
    )
    return bool(taken)
