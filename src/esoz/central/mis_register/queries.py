"""Questions to the register: what everyone sees, and what administrators see."""

from uuid import UUID

from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import PUBLISHED, Decision, Entry, Event, RegisterFilter, Result


async def published(work: Work, filters: RegisterFilter, page: Page) -> tuple[list[Entry], Paged]:
    """A page of tested and connected systems, those blocked and disconnected with their dates, by their names."""
    work.record(Event.READ, "published")
    return await store.entries(work.db, filters, page, within=PUBLISHED)


async def of_vendor(work: Work, broker_id: UUID) -> Entry:
    """What the register says of the system of one vendor. Raises NotFound."""
    entry = await store.of_broker(work.db, broker_id)
    if entry is None:
        raise NotFound()
    work.record(Event.READ, entry.id)
    return entry


async def applications(
    work: Work, filters: RegisterFilter, page: Page, *, order: str = "newest"
) -> tuple[list[Entry], Paged]:
    """A page of every system: the newest first, or by names."""
    work.record(Event.READ, "all")
    return await store.entries(work.db, filters, page, order=order)


async def one(work: Work, mis_id: UUID) -> tuple[Entry, list[Decision], list[Result]]:
    """A system with its history and the results of its tests. Raises NotFound."""
    entry = await store.find(work.db, mis_id)
    if entry is None:
        raise NotFound()
    work.record(Event.READ, mis_id)
    return entry, await store.decisions(work.db, mis_id), await store.results(work.db, mis_id)
