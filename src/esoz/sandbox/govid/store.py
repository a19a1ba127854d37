"""Identifications in SQL; what is told of people is sealed, codes and tokens are kept as digests."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Row, insert
from esoz.kernel.vault import Vault

from .model import Identification, State


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


async def add(db: Connection, made: Identification) -> None:
    await insert(
        db,
        "identifications",
        id=made.id,
        session_id=made.session_id,
        client_id=made.client_id,
        return_address=made.return_address,
        state=str(made.state),
        opaque=made.opaque,
        auth_types=list(made.auth_types),
        until=made.until,
    )


async def find(db: Connection, vault: Vault, id: UUID, session_id: bytes) -> Identification | None:
    """An identification of this browser, locked."""
    row = await db.fetchrow(
        "select * from identifications where id = $1 and session_id = $2 for update", id, session_id
    )
    return _read(vault, row) if row else None


async def by_secret(db: Connection, vault: Vault, secret: str) -> Identification | None:
    """The identification of a code or of a token, locked: of two who bring the same code one comes first."""
    row = await db.fetchrow("select * from identifications where secret = $1 for update", digest(secret))
    return _read(vault, row) if row else None


async def change(db: Connection, vault: Vault, changed: Identification, secret: str = "") -> None:
    """The new state with its term; a secret opens this one step only."""
    told = vault.seal(msgspec.json.encode(changed.told).decode(), f"told {changed.id}") if changed.told else None
    await db.execute(
        "update identifications set state = $2, told = $3, secret = $4, until = $5 where id = $1",
        changed.id,
        str(changed.state),
        told,
        digest(secret) if secret else None,
        changed.until,
    )


async def forget_old(db: Connection, now: datetime) -> None:
    await db.execute("delete from identifications where until < $1", now)


def _read(vault: Vault, row: Row) -> Identification:
    told = vault.open(row["told"], f"told {row['id']}") if row["told"] else "{}"
    return Identification(
        id=row["id"],
        session_id=row["session_id"],
        client_id=row["client_id"],
        return_address=row["return_address"],
        state=State(row["state"]),
        opaque=row["opaque"],
        auth_types=row["auth_types"],
        told=msgspec.json.decode(told, type=dict[str, str]),
        until=row["until"],
    )
