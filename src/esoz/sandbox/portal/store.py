"""People of the portal, as id.gov.ua told of them; sealed."""

from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection
from esoz.kernel.vault import Vault


class Known(msgspec.Struct, frozen=True):
    """One of them."""

    tax_id: str
    name: str


async def save(db: Connection, vault: Vault, id: UUID, known: Known, now: datetime) -> None:
    """They have come in now."""
    await db.execute(
        "insert into holders (id, told, seen_at) values ($1, $2, $3)"
        " on conflict (id) do update set told = excluded.told, seen_at = excluded.seen_at",
        id,
        vault.seal(msgspec.json.encode(known).decode(), f"holder {id}"),
        now,
    )


async def find(db: Connection, vault: Vault, id: UUID) -> Known | None:
    sealed = await db.fetchval("select told from holders where id = $1", id)
    return msgspec.json.decode(vault.open(sealed, f"holder {id}"), type=Known) if sealed else None


async def forget_old(db: Connection, before: datetime) -> None:
    """Those whose sessions are over, with their tokens of central."""
    await db.execute(
        "with gone as (delete from holders where seen_at < $1 returning id)"
        " delete from grants where holder_id in (select id from gone)",
        before,
    )
