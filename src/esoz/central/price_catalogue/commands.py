"""Price lists of an operator, and what pharmacies tell of their stock."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.central.organisations import client_of, known_division, known_legal_entity, user_of
from esoz.kernel.amounts import MONEY, rounded
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from . import policy, store
from .model import Assortment, Event, Price, Stocked, assortment_faults, must_be_whole


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


async def import_prices(work: Work, prices: Sequence[Price]) -> ImportCounts:
    """Take a price list in; prices from other days stay. Raises ValueError with the first faults."""
    must_be_whole(prices, await store.known_medications(work.db, [each.medication_id for each in prices]))
    told = [msgspec.structs.replace(each, package_price=_money(each)) for each in prices]
    earlier = await store.prices_of(work.db, [each.medication_id for each in told])
    new = [each for each in told if (each.medication_id, each.valid_from) not in earlier]
    changed = [each for each in told if earlier.get((each.medication_id, each.valid_from), each) != each]
    await store.save_prices(work.db, [*new, *changed], work.now)
    work.record(Event.PRICES_IMPORTED, "register", prices=len(told))
    removed = sum(each.package_price is None for each in (*new, *changed))
    return ImportCounts(len(new), len(changed), removed)


def _money(price: Price) -> Decimal | None:
    return None if price.package_price is None else rounded(price.package_price, MONEY)
