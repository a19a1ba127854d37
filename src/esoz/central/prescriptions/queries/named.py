"""What medical records may name of this context: told to them at the assembly of central."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.central.records import Outside
from esoz.kernel.db import Connection

from ..store import named


async def named_prescriptions(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Outside]:
    """CE-9 (2019 source): a medication statement is based on a prescription of the same patient."""
    found = await named.prescriptions(db, person_id, ids)
    return {id: Outside(number) for id, number in found.items()}
