"""Dosages in the memory of a process, for acts that only ask about them."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.memory import Registry
from esoz.kernel.work import Work

from . import store
from .model import Dosage

DOSAGES: Registry[UUID, Dosage] = Registry("medications", store.find_dosages)


async def known_dosage(work: Work, id: UUID) -> Dosage:
    """A dosage with its substances; raise NotFound."""
    found = await work.known(DOSAGES, id)
    if found is None:
        raise NotFound("Medication not found")
    return found
