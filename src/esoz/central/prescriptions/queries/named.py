"""What medical records may name of this context: told to them at the assembly of central."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.central.records import Outside
from esoz.kernel.db import Connection

from ..store import named


async def named_drugs(db: Connection, _person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Outside]:
    """The drugs among `ids`; one out of use may not be given to a patient any more."""
    found = await named.drugs(db, ids)
    return {id: Outside(name, None if active else "Medication is not active") for id, (name, active) in found.items()}


async def named_prescriptions(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Outside]:
    """CE-9: a medication statement is based on a prescription of the same patient."""
    found = await named.prescriptions(db, person_id, ids)
    return {id: Outside(number) for id, number in found.items()}
