"""Grants of holders and registrations that are not sent yet, sealed."""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.vault import Vault
from esoz.sdk import Tokens


@dataclass(frozen=True, slots=True)
class Registration:
    """What a holder registers with: the text, and the same signed while central waits for a code."""

    text: str
    signed: bytes


async def save(db: Connection, vault: Vault, holder_id: UUID, person_id: UUID, given: Tokens) -> None:
    """The holder is signed in; earlier tokens of theirs are replaced."""
    access, refresh = _sealed(vault, holder_id, given)
    await db.execute(
        "insert into grants (holder_id, person_id, access, refresh, expires_at) values ($1, $2, $3, $4, $5)"
        " on conflict (holder_id) do update set person_id = excluded.person_id, access = excluded.access,"
        " refresh = excluded.refresh, expires_at = excluded.expires_at",
        holder_id,
        person_id,
        access,
        refresh,
        given.expires_at,
    )


async def renew(db: Connection, vault: Vault, holder_id: UUID, given: Tokens) -> None:
    access, refresh = _sealed(vault, holder_id, given)
    await db.execute(
        "update grants set access = $2, refresh = $3, expires_at = $4 where holder_id = $1",
        holder_id,
        access,
        refresh,
        given.expires_at,
    )


async def tokens(db: Connection, vault: Vault, holder_id: UUID, *, lock: bool = False) -> Tokens | None:
    """The tokens of a holder, None when they are not signed in; `lock` lets one renewal happen at a time."""
    row = await db.fetchrow(
        "select access, refresh, expires_at from grants where holder_id = $1" + (" for update" if lock else ""),
        holder_id,
    )
    if row is None:
        return None
    refresh = vault.open(row["refresh"], f"refresh {holder_id}") if row["refresh"] else None
    return Tokens(vault.open(row["access"], f"access {holder_id}"), refresh, row["expires_at"])


async def forget(db: Connection, holder_id: UUID) -> None:
    """The holder is signed out of ЕСОЗ."""
    await db.execute("delete from grants where holder_id = $1", holder_id)


async def keep_registration(db: Connection, vault: Vault, holder_id: UUID, content: str, now: datetime) -> None:
    """What will be signed; an earlier one of the holder is replaced."""
    await db.execute(
        "insert into registrations (holder_id, content, begun_at) values ($1, $2, $3)"
        " on conflict (holder_id) do update"
        " set content = excluded.content, signed = null, begun_at = excluded.begun_at",
        holder_id,
        vault.seal(content, f"registration {holder_id}"),
        now,
    )


async def keep_signed(db: Connection, vault: Vault, holder_id: UUID, document: bytes) -> None:
    """The text that was kept, signed."""
    sealed = vault.seal(base64.b64encode(document).decode(), f"signed registration {holder_id}")
    await db.execute("update registrations set signed = $2 where holder_id = $1", holder_id, sealed)


async def registration(db: Connection, vault: Vault, holder_id: UUID) -> Registration | None:
    row = await db.fetchrow("select content, signed from registrations where holder_id = $1", holder_id)
    if row is None:
        return None
    signed = vault.open(row["signed"], f"signed registration {holder_id}") if row["signed"] else ""
    return Registration(vault.open(row["content"], f"registration {holder_id}"), base64.b64decode(signed))


async def forget_registration(db: Connection, holder_id: UUID) -> None:
    await db.execute("delete from registrations where holder_id = $1", holder_id)


async def forget_old_registrations(db: Connection, before: datetime) -> None:
    await db.execute("delete from registrations where begun_at < $1", before)


def _sealed(vault: Vault, holder_id: UUID, given: Tokens) -> tuple[bytes, bytes | None]:
    refresh = vault.seal(given.refresh, f"refresh {holder_id}") if given.refresh else None
    return vault.seal(given.access, f"access {holder_id}"), refresh


async def is_signed_in(db: Connection, holder_id: UUID) -> bool:
    """Whether a holder uses ЕСОЗ on this telephone."""
    return bool(await db.fetchval("select exists(select from grants where holder_id = $1)", holder_id))
