"""Questions about device definitions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Row
from esoz.kernel.work import Work

from . import store
from .model import Definition, DeviceDefinitionFilter, Event, ProgramDevice


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


async def participations(
    db: Connection, programme_id: UUID, device: UUID | tuple[str, str], day: date
) -> Sequence[tuple[Definition, ProgramDevice]]:
    """Devices in use that take part in a programme on a day: a device by its id, or all of a code (system, code)."""
    return [
        (definition, part)
        for definition in await definitions(db, device)
        for part in definition.program_devices
        if part.medical_program_id == programme_id and part.takes_part(day)
    ]


async def definitions(db: Connection, device: UUID | tuple[str, str]) -> Sequence[Definition]:
    """Devices in use, by name: one by its id, or all of a code (system, code)."""
    rows = await store.in_use(db, device)
    return [msgspec.convert({**row["content"], "id": str(row["id"])}, Definition) for row in rows]
