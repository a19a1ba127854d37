"""Questions about device definitions."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Row
from esoz.kernel.work import Work

from . import store
from .model import DeviceDefinitionFilter, Event


async def device_definitions(work: Work, filters: DeviceDefinitionFilter, page: Page) -> Paged:
    """A page of devices, by name."""
    work.record(Event.LIST_READ, "register")
    return await store.device_definitions(work.db, filters, page)


async def device_definition(work: Work, id: UUID, *, system: str | None = None) -> Row:
    """One device, in use or not; raise NotFound. `system`: only when it is classified so."""
    found = await store.device_definition(work.db, id, system)
    work.record(Event.READ, id)
    return found


async def known(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, tuple[str, bool]]:
    """Which of `ids` are devices: the name of each, and whether it is in use."""
    return await store.known(db, ids) if ids else {}
