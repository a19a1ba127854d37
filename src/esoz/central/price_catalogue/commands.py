"""What pharmacies tell of their stock."""

from collections.abc import Sequence
from uuid import UUID

from esoz.central.organisations import client_of, known_division, known_legal_entity, user_of
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from . import policy, store
from .model import Assortment, Event, Stocked, assortment_faults


async def tell_assortment(work: Work, division_id: UUID, packages: Sequence[Stocked]) -> Assortment:
    """Replace what a division of the own pharmacy has; an empty list ends the sharing (DR-7)."""
    entity = await known_legal_entity(work, client_of(work.actor))
    policy.must_be_own_pharmacy(work.actor, entity, await known_division(work, division_id))
    known = await store.known_medications(work.db, [each.medication_id for each in packages])
    must_hold(assortment_faults(packages, known))
    told = Assortment(division_id, work.now, packages)
    await store.replace(work.db, told, user_of(work.actor))
    work.record(Event.ASSORTMENT_TOLD, division_id, packages=len(packages))
    return told
