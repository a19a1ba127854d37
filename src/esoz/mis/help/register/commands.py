"""Asking central now and then what its register says of this workplace."""

from datetime import datetime

from esoz.kernel import audit
from esoz.kernel.db import Connection
from esoz.kernel.work import NOBODY, AuditEntry
from esoz.mis.base.register import RegisterEntry
from esoz.mis.base.services import Services

from . import store, wire
from .model import Event, is_due


async def follow(services: Services) -> None:
    """Take what was heard last into memory, and ask anew when that is old.

    Raises CentralError: an answer that is away, a refusal, or what cannot be read changes nothing.
    """
    async with services.database.connection() as db:
        kept = await store.load(db)
    if kept is not None:
        services.register.put(*kept)
    now = services.clock.now()
    if not is_due(kept[1] if kept else None, now):
        return
    entry = wire.entry((await services.central.get("/api/mis_register/own")).record())
    async with services.database.transaction() as db:
        await store.save(db, entry, now)
        if kept is None or entry != kept[0]:
            await _record(db, entry, now)
    services.register.put(entry, now)


async def _record(db: Connection, entry: RegisterEntry, now: datetime) -> None:
    """When the register began to say this: an operator is asked why nothing was sent since then."""
    facts: dict[str, object] = {
        "status": entry.status,
        "version": entry.version,
        "oldest_version": entry.oldest_version,
    }
    about = audit.AuditContext(now, "register", str(Event.CHANGED), NOBODY)
    await audit.write(db, about, [AuditEntry(str(Event.CHANGED), "own", None, facts)])
