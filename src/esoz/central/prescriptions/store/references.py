"""Rows of prescriptions that medical records name."""

from collections.abc import Collection
from uuid import UUID

from esoz.kernel.db import Connection


async def prescriptions(db: Connection, person_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each prescription of this patient among `ids`."""
    rows = await db.fetch(
        "select id, request_number from medication_requests where person_id = $1 and id = any($2)", person_id, list(ids)
    )
    return {row["id"]: row["request_number"] for row in rows}


async def dispenses(db: Connection, person_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of the prescription of each dispense to this patient among `ids`."""
    rows = await db.fetch(
        "select d.id, r.request_number from medication_dispenses d join medication_requests r"
        " on r.person_id = d.person_id and r.id = d.medication_request_id where d.person_id = $1 and d.id = any($2)",
        person_id,
        list(ids),
    )
    return {row["id"]: row["request_number"] for row in rows}
