"""Tokens in the database, sealed."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.vault import Vault
from esoz.sdk import Tokens

from .model import Client


def _purpose(kind: str, user_id: UUID, clinic_id: UUID) -> str:
    return f"{kind}:{user_id}:{clinic_id}"


async def tokens(db: Connection, vault: Vault, user_id: UUID, clinic_id: UUID, *, lock: bool = False) -> Tokens | None:
    """The tokens of a user at a clinic; `lock` lets one renewal happen at a time."""
    row = await db.fetchrow(
        "select access, refresh, scopes, expires_at from central_tokens where user_id = $1 and clinic_id = $2"
        + (" for update" if lock else ""),
        user_id,
        clinic_id,
    )
    if row is None:
        return None
    refresh = vault.open(row["refresh"], _purpose("refresh", user_id, clinic_id)) if row["refresh"] else None
    access = vault.open(row["access"], _purpose("access", user_id, clinic_id))
    return Tokens(access, refresh, row["expires_at"], frozenset(row["scopes"]))


async def exists(db: Connection, user_id: UUID, clinic_id: UUID, now: datetime) -> bool:
    """Is there a token that has not run out (or that can be renewed)."""
    found: bool = await db.fetchval(
        "select exists (select from central_tokens where user_id = $1 and clinic_id = $2"
        " and (expires_at > $3 or refresh is not null and coalesce(renewable_until > $3, true)))",
        user_id,
        clinic_id,
        now,
    )
    return found


async def save(
    db: Connection, vault: Vault, user_id: UUID, clinic_id: UUID, given: Tokens, *, renewable_until: datetime | None
) -> None:
    await db.execute(
        "insert into central_tokens (user_id, clinic_id, access, refresh, scopes, expires_at, renewable_until)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (user_id, clinic_id) do update set access = excluded.access,"
        " refresh = excluded.refresh, scopes = excluded.scopes, expires_at = excluded.expires_at,"
        " renewable_until = excluded.renewable_until, ends_when_idle = false",
        user_id,
        clinic_id,
        vault.seal(given.access, _purpose("access", user_id, clinic_id)),
        vault.seal(given.refresh, _purpose("refresh", user_id, clinic_id)) if given.refresh else None,
        sorted(given.scopes),
        given.expires_at,
        renewable_until,
    )


async def ends(db: Connection, user_id: UUID, clinic_id: UUID) -> tuple[datetime, datetime | None] | None:
    """The ends of the access token and of the refresh token of a user at a clinic; None when there are no tokens."""
    row = await db.fetchrow(
        "select expires_at, renewable_until from central_tokens where user_id = $1 and clinic_id = $2",
        user_id,
        clinic_id,
    )
    return (row["expires_at"], row["renewable_until"]) if row else None


async def forget(db: Connection, user_id: UUID, clinic_id: UUID) -> None:
    await db.execute("delete from central_tokens where user_id = $1 and clinic_id = $2", user_id, clinic_id)


async def doubt(db: Connection, clinic_id: UUID, now: datetime) -> None:
    """Let central be asked at the next turn who works at the clinic, unless just that is under way."""
    await db.execute(
        "update staff_follows set due_at = least(due_at, $2) where clinic_id ="
        " (select clinic_id from staff_follows where clinic_id = $1 for update skip locked)",
        clinic_id,
        now,
    )


async def stay_signed_in(db: Connection, user_id: UUID, clinic_id: UUID) -> None:
    """The user is back: the token does not end when the last document is delivered."""
    await db.execute(
        "update central_tokens set ends_when_idle = false where user_id = $1 and clinic_id = $2 and ends_when_idle",
        user_id,
        clinic_id,
    )


async def end_when_idle(db: Connection, user_id: UUID) -> None:
    await db.execute("update central_tokens set ends_when_idle = true where user_id = $1", user_id)


async def idle(db: Connection, *, limit: int = 20) -> list[tuple[UUID, UUID]]:
    """Users who have signed out and whose documents are all delivered, by clinic."""
    rows = await db.fetch(
        "select user_id, clinic_id from central_tokens t where ends_when_idle and not exists (select from documents d"
        " where d.user_id = t.user_id and d.clinic_id = t.clinic_id and d.state in ('queued', 'sending', 'sent'))"
        " limit $1 for update skip locked",
        limit,
    )
    return [(row["user_id"], row["clinic_id"]) for row in rows]


async def client(db: Connection, vault: Vault, clinic_id: UUID) -> Client:
    row = await db.fetchrow("select client_secret, redirect_uri from clinics where id = $1", clinic_id)
    return Client(clinic_id, vault.open(row["client_secret"], f"client:{clinic_id}"), row["redirect_uri"])


async def wake_documents(db: Connection, user_id: UUID, clinic_id: UUID, now: datetime) -> None:
    """Documents that waited for this consent go on at once."""
    await db.execute(
        "update documents set next_at = $3, waits_for = '' where user_id = $1 and clinic_id = $2"
        " and waits_for = 'consent'",
        user_id,
        clinic_id,
        now,
    )
