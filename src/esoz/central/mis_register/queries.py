"""Questions to the register: what everyone sees, and what administrators see."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import Decision, Event, Result
from .store import Entry


async def published(work: Work) -> list[Entry]:
    """Tested and connected systems, those blocked and disconnected with their dates."""
    work.record(Event.READ, "published")
    return await store.published(work.db)


async def applications(work: Work) -> list[Entry]:
    """Every system, newest first."""
    work.record(Event.READ, "all")
    return await store.all_entries(work.db)


async def one(work: Work, mis_id: UUID) -> tuple[Entry, list[Decision], list[Result]]:
    """A system with its history and the results of its tests. Raises NotFound."""
    entry = await store.find(work.db, mis_id)
    if entry is None:
        raise NotFound()
    work.record(Event.READ, mis_id)
    return entry, await store.decisions(work.db, mis_id), await store.results(work.db, mis_id)
