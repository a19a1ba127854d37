"""Questions about events."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import policy, store
from .model import ChangeEvent, Event, EventFilter


async def events(work: Work, filters: EventFilter, page: Page) -> tuple[Sequence[ChangeEvent], Paged]:
    """A page of events of the hours asked for, as far as they are settled. Raises Forbidden, Rejected."""
    policy.must_be_a_system(work.actor)
    start, end = filters.hours(work.now)
    told = await store.told(work.db)
    work.record(Event.LIST_READ, work.actor.client_id or "")
    paged = await store.events(work.db, filters, start, min(end, told.until), page)
    return [store.as_event(row) for row in paged.rows], paged


async def event(work: Work, id: UUID) -> ChangeEvent:
    """One event. Raises Forbidden, NotFound; one that is not settled yet is not there."""
    policy.must_be_a_system(work.actor)
    found = await store.event(work.db, id)
    if found.event_time >= (await store.told(work.db)).until:
        raise NotFound()
    work.record(Event.READ, id)
    return found
