"""Whether a pharmacy may dispense at the expense of the state."""

from datetime import date
from uuid import UUID

from esoz.kernel.work import Work

from . import store
from .model import must_cover


async def must_have_contract(
    work: Work, legal_entity_id: UUID, division_id: UUID, programme_id: UUID, day: date
) -> None:
    """MD-2. Raises Conflict with the published text."""
    must_cover(await store.of_contractor(work.db, legal_entity_id), division_id, programme_id, day)
