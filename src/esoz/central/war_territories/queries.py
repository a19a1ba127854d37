"""Questions about territories."""

from datetime import date
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import rejected
from esoz.kernel.work import Work

from . import store
from .model import Event, Territory, TerritoryFilter, allows_dispensing_without_prescription


async def territories(work: Work, filters: TerritoryFilter, page: Page) -> tuple[list[Territory], Paged]:
    """A page of the register, for everybody. Raises Rejected for a place that is no settlement."""
    work.record(Event.LIST_READ, "register")
    place = await store.find_place_by_code(work.db, filters.place) if filters.place is not None else None
    if filters.place is not None and place is None:
        raise rejected("$.place", "Settlement with such code is not found")
    return await store.territories(work.db, filters, place, page)


async def may_dispense_without_prescription(db: Connection, settlement_id: UUID, day: date) -> bool:
    """WT-1: whether a pharmacy in this settlement may hand over without a prescription on that day in Kyiv."""
    place = await store.find_place(db, settlement_id)
    if place is None:
        return False
    return allows_dispensing_without_prescription(place, day, await store.above_place(db, place))
