"""The journal of the war; a pharmacy sees its own entries only."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from .. import policy
from ..model import Event
from ..model.emergency import EmergencyDispense, EmergencyFilter
from ..store import emergency as store


async def journal(work: Work, filters: EmergencyFilter, page: Page) -> tuple[list[EmergencyDispense], Paged]:
    """A page of entries."""
    work.record(Event.EMERGENCIES_READ, work.actor.client_id or "")
    return await store.journal(work.db, own(work.actor), filters, page)


async def one(work: Work, id: UUID) -> EmergencyDispense:
    """One entry; another's is NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found.legal_entity_id)
    work.record(Event.EMERGENCY_READ, id)
    return found
