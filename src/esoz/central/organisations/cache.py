"""Legal entities and divisions in the memory of a process, for acts that only ask about them."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.memory import Registry
from esoz.kernel.work import Work

from . import store
from .model import Division, LegalEntity

LEGAL_ENTITIES: Registry[UUID, LegalEntity] = Registry("organisations", store.find_legal_entities)
DIVISIONS: Registry[UUID, Division] = Registry("organisations", store.find_divisions)


async def known_legal_entity(work: Work, id: UUID) -> LegalEntity:
    """A legal entity that this act does not change; raise NotFound."""
    found = await work.known(LEGAL_ENTITIES, id)
    if found is None:
        raise NotFound()
    return found


async def known_division(work: Work, id: UUID) -> Division:
    """A division that this act does not change; raise NotFound."""
    found = await work.known(DIVISIONS, id)
    if found is None:
        raise NotFound()
    return found
