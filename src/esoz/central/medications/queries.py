"""What other contexts ask of the register of drugs."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.references import Referent

from . import store


async def resolve_medications(db: Connection, _person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """The drugs among `ids`; one out of use may not be given to a patient any more."""
    found = await store.known(db, ids)
    return {id: Referent(name, None if active else "Medication is not active") for id, (name, active) in found.items()}
