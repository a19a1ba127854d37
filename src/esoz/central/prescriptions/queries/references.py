"""What medical records may name of this context, handed to them where central is assembled."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.references import Referent

from ..store import references


async def resolve_requests(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """CE-9: a medication statement is based on a prescription of the same patient."""
    found = await references.prescriptions(db, person_id, ids)
    return {id: Referent(number) for id, number in found.items()}


async def resolve_dispenses(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """CM-6: a conclusion names what was handed over to the same patient."""
    found = await references.dispenses(db, person_id, ids)
    return {id: Referent(number) for id, number in found.items()}
