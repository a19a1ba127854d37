"""Invitations to work, in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.spelling import plain_name

from ..model.employees import KEPT, Request


async def add(db: Connection, **columns: object) -> None:
    await insert(db, "staff_requests", **columns)


async def find(db: Connection, clinic_id: UUID, request_id: UUID, *, lock: bool = False) -> Request | None:
    row = await db.fetchrow(
        "select * from staff_requests where id = $1 and clinic_id = $2" + " for update" * lock, request_id, clinic_id
    )
    return as_model(Request, row) if row else None


async def change(db: Connection, request_id: UUID, **columns: object) -> Request:
    """Set columns; return the invitation as it is now."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    row = await db.fetchrow(
        f"update staff_requests set {names} where id = $1 returning *", request_id, *columns.values()
    )
    return as_model(Request, row)


async def due(db: Connection, now: datetime) -> Request | None:
    """A signed invitation that waits to be sent, held until the end of the transaction."""
    row = await db.fetchrow(
        "select * from staff_requests where state = 'queued' and next_at <= $1 order by next_at"
        " for update skip locked limit 1",
        now,
    )
    return as_model(Request, row) if row else None


async def unanswered(db: Connection, clinic_id: UUID) -> list[Request]:
    """Invitations of a clinic that central has and nobody has answered."""
    rows = await db.fetch("select * from staff_requests where clinic_id = $1 and state = 'sent'", clinic_id)
    return [as_model(Request, row) for row in rows]


async def unjoined(db: Connection, clinic_id: UUID) -> list[Request]:
    """Agreed invitations of a clinic whose people have no access here yet, held; of two workers one has them."""
    rows = await db.fetch(
        "select * from staff_requests where clinic_id = $1 and state = 'approved' and joined_at is null"
        " order by updated_at for update skip locked",
        clinic_id,
    )
    return [as_model(Request, row) for row in rows]


async def has_agreed(db: Connection, clinic_id: UUID, since: datetime) -> bool:
    """Has somebody agreed since then who has no access here yet."""
    found: bool = await db.fetchval(
        "select exists (select from staff_requests where clinic_id = $1 and state = 'approved' and joined_at is null"
        " and updated_at > $2)",
        clinic_id,
        since,
    )
    return found


async def listed(db: Connection, clinic_id: UUID, *, name: str, states: Sequence[str], page: Page) -> Paged:
    """Invitations of a clinic, the newest first."""
    query = Query("select * from staff_requests").where("clinic_id = {} and state = any({})", clinic_id, list(states))
    for word in plain_name(name).split():
        query.where("strpos(plain_name(last_name || ' ' || first_name || ' ' || second_name), {}) > 0", word)
    found = await query.page(db, page, order="updated_at desc, id")
    return replace(found, rows=[_request(dict(row)) for row in found.rows])


def _request(row: dict[str, object]) -> Request:
    row.pop("total_")
    return as_model(Request, row)


async def of_employee(db: Connection, employee_id: UUID) -> list[Request]:
    """Invitations and changes of one employee, the newest first."""
    rows = await db.fetch(
        "select * from staff_requests where employee_id = $1 and state <> 'discarded'"
        " order by updated_at desc limit 20",
        employee_id,
    )
    return [as_model(Request, row) for row in rows]


async def forget_old(db: Connection, now: datetime) -> None:
    """What was typed about people who did not come is not kept for ever."""
    await db.execute(
        "update staff_requests set form = '{}', content = null, signed = null where updated_at < $1"
        " and state in ('rejected', 'expired', 'discarded') and (content is not null or form <> '{}')",
        now - KEPT,
    )
