"""Sealing where the chain stands."""

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database

from . import store
from .model import Anchor, Sealer, state


async def anchor(database: Database, seal: Sealer, certificate: bytes, clock: Clock) -> Anchor | None:
    """Seal where the chain stands; None when nothing was added to it since. Raises what the seal raises.

    No transaction is open while the seal and the timestamp service work: the chain only grows, so what was sealed of
    it stays true.
    """
    async with database.connection() as db:
        head, newest = await store.head(db), await store.newest(db)
    if head is None or (newest is not None and newest.number >= head["number"]):
        return None
    now = clock.now()
    signed = await seal.sign(state(head["number"], head["hash"], now, newest), at=now)
    made = Anchor(head["number"], head["hash"], now, signed, certificate)
    async with database.transaction() as db:
        await store.lock(db)
        if await store.newest(db) != newest:
            return None  # another process has been quicker, and this anchor would name a wrong one before it
        await store.add(db, made)
    return made
