"""Questions about equipment."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from . import policy, store
from .model import Equipment, EquipmentFilter, Event


async def equipment_list(work: Work, filters: EquipmentFilter, page: Page) -> tuple[list[Equipment], Paged]:
    """A page of equipment; a clinic sees its own only."""
    work.record(Event.LIST_READ, work.actor.client_id or "")
    return await store.equipment(work.db, own(work.actor), filters, page)


async def equipment(work: Work, id: UUID) -> Equipment:
    """One thing; another's is NotFound."""
    found = await store.find_equipment(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.READ, id)
    return found
