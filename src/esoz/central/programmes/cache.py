"""Programmes and the packages that take part in them, in the memory of a process, for acts that only ask."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.memory import Registry
from esoz.kernel.work import Work

from . import store
from .model import WITHOUT_PROGRAMME, Participation, Programme, Settings

_Part: TypeAlias = tuple[UUID, UUID, date]  # a dosage in a programme on a day


async def _parts(db: Connection, keys: Sequence[_Part]) -> Mapping[_Part, list[Participation]]:
    days = {day for _, _, day in keys}
    found: dict[_Part, list[Participation]] = {key: [] for key in keys}
    for day in days:
        for part in await store.participants(db, {dosage for dosage, _, of in keys if of == day}, today=day):
            key = (part[0].innm_dosage_id, part[0].medical_program_id, day)
            if key in found:
                found[key].append(part)
    return found


PROGRAMMES: Registry[UUID, Programme] = Registry("programmes", store.find_several)
PARTS: Registry[_Part, list[Participation]] = Registry("programmes", _parts)


async def known_programme(work: Work, id: UUID) -> Programme:
    """A programme; raise NotFound with the published text."""
    found = await work.known(PROGRAMMES, id)
    if found is None:
        raise NotFound(store.NOT_FOUND)
    return found


async def known_settings(work: Work, programme_id: UUID | None) -> Settings:
    """The settings of a programme as they are now; those of none when it is None."""
    return WITHOUT_PROGRAMME if programme_id is None else (await known_programme(work, programme_id)).settings


async def known_participants(work: Work, dosage_id: UUID, programme_id: UUID) -> Sequence[Participation]:
    """Active participations of a dosage in a programme today, each with its package."""
    return await work.known(PARTS, (dosage_id, programme_id, work.today)) or ()
