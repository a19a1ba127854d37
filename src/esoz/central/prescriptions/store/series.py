"""Rows of prescriptions that follow one another."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from esoz.kernel.db import Connection, as_model

from ..model import Request
from ..model.requests import Status
from ..model.series import Prior
from .requests import request


async def find_prior(db: Connection, person_id: UUID, id: UUID) -> Prior | None:
    """A draft of a person with what became of it, whichever clinic's; None when there is none."""
    row = await db.fetchrow(
        """
        select d.id, d.legal_entity_id, d.employee_id, d.encounter_id, d.medication_id, d.medical_program_id, d.intent,
            d.created_at, d.started_at, d.ended_at, d.status as draft_status, d.expires_at,
            r.status as request_status, d.series_place, exists (
                select from medication_requests f where f.person_id = d.person_id and f.follows = d.id
                    and f.status in ('ACTIVE', 'COMPLETED')) as is_followed
        from medication_request_requests d left join medication_requests r using (person_id, id)
        where d.person_id = $1 and d.id = $2
        """,
        person_id,
        id,
    )
    return as_model(Prior, row) if row else None


async def lock_prior(db: Connection, person_id: UUID, follows: UUID) -> tuple[Status | None, bool]:
    """The status of the prescription that is followed, and whether another one follows it already; held until the end.

    Two that follow the same one wait for each other here.
    """
    status = await db.fetchval(
        "select status from medication_requests where person_id = $1 and id = $2 for update", person_id, follows
    )
    if status is None:
        return None, False
    is_followed = await db.fetchval(
        "select exists (select from medication_requests where person_id = $1 and follows = $2"
        " and status in ('ACTIVE', 'COMPLETED'))",
        person_id,
        follows,
    )
    return Status(status), bool(is_followed)


async def take_due(db: Connection, today: date, limit: int) -> Sequence[Request]:
    """Prescriptions of a series whose patients are to be told by today; from here on they count as told."""
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from medication_requests where announce_on <= $1
            order by announce_on limit $2 for update skip locked
        )
        update medication_requests set announce_on = null
        where (person_id, id) in (select person_id, id from due) returning *
        """,
        today,
        limit,
    )
    return [request(row) for row in rows]
