"""Registrations on their way, sealed; found by a mark of the number in the certificate."""

from datetime import datetime

import msgspec

from esoz.kernel.db import Connection
from esoz.kernel.vault import Sealed, Vault

from .model import Registration

PURPOSE = "registration"


async def find(db: Connection, vault: Vault, number: str) -> Registration:
    """What the holder of a number has told so far; an empty registration when nothing."""
    holder = vault.mark(number, PURPOSE)
    sealed = await db.fetchval("select content from registrations where holder = $1", holder)
    if sealed is None:
        return Registration()
    try:
        return msgspec.json.decode(vault.open(sealed, f"{PURPOSE} {holder.hex()}"), type=Registration)
    except Sealed:  # the secret of the installation was changed meanwhile
        return Registration()


async def save(db: Connection, vault: Vault, number: str, registration: Registration, at: datetime) -> None:
    holder = vault.mark(number, PURPOSE)
    sealed = vault.seal(msgspec.json.encode(registration).decode(), f"{PURPOSE} {holder.hex()}")
    await db.execute(
        "insert into registrations (holder, content, saved_at) values ($1, $2, $3)"
        " on conflict (holder) do update set content = excluded.content, saved_at = excluded.saved_at",
        holder,
        sealed,
        at,
    )


async def forget(db: Connection, vault: Vault, number: str) -> None:
    await db.execute("delete from registrations where holder = $1", vault.mark(number, PURPOSE))


async def forget_old(db: Connection, before: datetime, most: int) -> int:
    """Delete what nobody came back for; return how many."""
    result: str = await db.execute(
        "delete from registrations where holder = any(array(select holder from registrations where saved_at < $1"
        f" order by saved_at limit {int(most)} for update skip locked))",
        before,
    )
    return int(result.rsplit(" ", 1)[-1])
