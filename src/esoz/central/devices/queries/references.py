"""What medical records may name of this context, handed to them where central is assembled."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.references import Referent

from ..store import requests


async def resolve_requests(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """DVR-16: what a visit hands over may stand on a request of the same patient, and names it by its number."""
    found = await requests.numbers(db, person_id, ids)
    return {id: Referent(number) for id, number in found.items()}
