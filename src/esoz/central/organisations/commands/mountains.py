"""Mountain settlements: their register is imported, and divisions follow it, for it decides the tariff (DV-4)."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.work import Work

from .. import store
from ..model import Event


async def import_mountain_settlements(work: Work, ids: Sequence[UUID]) -> tuple[int, int]:
    """Make the register what the file says; return how many settlements are mountain ones, how many divisions changed.

    Raises ValueError when a settlement of the file is not known.
    """
    count = await store.save_mountain_settlements(work.db, ids)
    if count < len(set(ids)):
        raise ValueError(f"{len(set(ids)) - count} codes are no settlements of the register of addresses")
    changed = await store.follow_mountains(work.db, work.now)
    for id in changed:
        work.record(Event.DIVISION_UPDATED, id, changed=["mountain_group"])
    work.record(Event.MOUNTAINS_IMPORTED, "register", count=count)
    return count, len(changed)
