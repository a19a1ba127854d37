"""Tokens in the database, sealed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.vault import Vault
from esoz.mis.base.section import Consent
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


async def good(db: Connection, user_id: UUID, clinic_id: UUID, now: datetime) -> tuple[bool, bool]:
    """Is there a token that has not run out (or that can be renewed), and does it end with the last document."""
    row = await db.fetchrow(
        "select expires_at > $3 or refresh is not null and coalesce(renewable_until > $3, true) as is_good,"
        " ends_when_idle from central_tokens where user_id = $1 and clinic_id = $2",
        user_id,
        clinic_id,
        now,
    )
    return (row["is_good"], row["ends_when_idle"]) if row else (False, False)


async def save(
    db: Connection, vault: Vault, user_id: UUID, clinic_id: UUID, tokens: Tokens, *, renewable_until: datetime | None
) -> None:
    await db.execute(
        "insert into central_tokens (user_id, clinic_id, access, refresh, scopes, expires_at, renewable_until)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (user_id, clinic_id) do update set access = excluded.access,"
        " refresh = excluded.refresh, scopes = excluded.scopes, expires_at = excluded.expires_at,"
        " renewable_until = excluded.renewable_until, ends_when_idle = false",
        user_id,
        clinic_id,
        vault.seal(tokens.access, _purpose("access", user_id, clinic_id)),
        vault.seal(tokens.refresh, _purpose("refresh", user_id, clinic_id)) if tokens.refresh else None,
        sorted(tokens.scopes),
        tokens.expires_at,
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


async def stay_signed_in(db: Connection, user_id: UUID, clinic_id: UUID) -> None:
    """The user is back: the token does not end when the last document is delivered."""
    await db.execute(
        "update central_tokens set ends_when_idle = false where user_id = $1 and clinic_id = $2 and ends_when_idle",
        user_id,
        clinic_id,
    )


async def end_when_idle(db: Connection, user_id: UUID) -> None:
    await db.execute("update central_tokens set ends_when_idle = true where user_id = $1", user_id)


async def leaving(db: Connection) -> list[Consent]:
    """Consents of users who have signed out."""
    rows = await db.fetch("select user_id, clinic_id from central_tokens where ends_when_idle")
    return [Consent(row["user_id"], row["clinic_id"]) for row in rows]


async def lock_leaving(db: Connection, consents: Sequence[Consent], *, limit: int = 20) -> list[Consent]:
    """Some of these consents, of users who have still signed out, for this task alone."""
    rows = await db.fetch(
        "select user_id, clinic_id from central_tokens where ends_when_idle and (user_id, clinic_id) in"
        " (select * from unnest($1::uuid[], $2::uuid[])) limit $3 for update skip locked",
        [each.user_id for each in consents],
        [each.clinic_id for each in consents],
        limit,
    )
    return [Consent(row["user_id"], row["clinic_id"]) for row in rows]


async def email(db: Connection, user_id: UUID) -> str:
    """The address that a user comes in with here."""
    found: str = await db.fetchval("select email from users where id = $1", user_id)
    return found


async def client(db: Connection, vault: Vault, clinic_id: UUID) -> Client:
    row = await db.fetchrow("select client_secret, redirect_uri from clinics where id = $1", clinic_id)
    return Client(clinic_id, vault.open(row["client_secret"], f"client:{clinic_id}"), row["redirect_uri"])
