"""What divisions tell central of their stock, and when, in SQL."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection, Row, as_model
from esoz.kernel.work import Actor, AuditEntry

from ..model.batches import Event
from ..model.sharing import Share
from .batches import Place


async def find(db: Connection, place: Place) -> Share | None:
    row = await db.fetchrow(
        "select * from stock_shares where clinic_id = $1 and division_id = $2", place.clinic_id, place.division_id
    )
    return as_model(Share, row) if row else None


async def switch(db: Connection, place: Place, user_id: UUID, at: datetime, *, is_on: bool) -> None:
    """Tell from now on, or tell once more that there is nothing."""
    await db.execute(
        "insert into stock_shares (clinic_id, division_id, is_on, user_id, switched_at, next_at)"
        " values ($1, $2, $3, $4, $5, $5) on conflict (clinic_id, division_id) do update set is_on = excluded.is_on,"
        " user_id = excluded.user_id, switched_at = excluded.switched_at, next_at = excluded.next_at, tries = 0",
        place.clinic_id,
        place.division_id,
        is_on,
        user_id,
        at,
    )


async def note_change(db: Connection, place: Place, due: datetime) -> None:
    """Something has moved: it is told by then, unless a failed try waits for its turn."""
    await db.execute(
        "update stock_shares set next_at = least(next_at, $3) where clinic_id = $1 and division_id = $2 and is_on"
        " and tries = 0 and (next_at is null or next_at > $3)",
        place.clinic_id,
        place.division_id,
        due,
    )


async def due(db: Connection, now: datetime) -> Share | None:
    """One that is to be told, held until the end of the transaction."""
    row = await db.fetchrow(
        "select * from stock_shares where next_at <= $1 order by next_at for update skip locked limit 1", now
    )
    return as_model(Share, row) if row else None


async def teller(db: Connection, share: Share, roles: Sequence[str]) -> UUID | None:
    """Somebody of the pharmacy whose consent of central is at hand; who works at the division comes first.

    After a failed try it is the turn of the next one: central may refuse one person and take it from a colleague.
    """
    found: UUID | None = await db.fetchval(
        "select user_id from (select user_id, row_number() over (order by is_here desc, user_id) - 1 as place,"
        " count(*) over () as found from (select w.user_id, bool_or(w.division_id is not distinct from $2) as is_here"
        " from workplaces w join central_tokens t on (t.user_id, t.clinic_id) = (w.user_id, w.clinic_id)"
        " where w.clinic_id = $1 and w.role = any($3) group by w.user_id) tellers) places where place = $4 % found",
        share.clinic_id,
        share.division_id,
        list(roles),
        share.tries,
    )
    return found


async def assortment(db: Connection, share: Share, today: date, most: int) -> Sequence[Row]:
    """Medicines that may be given, each with the price of the package that goes first."""
    found: Sequence[Row] = await db.fetch(
        "select b.medication_id, (array_agg(b.price order by b.expires_on, b.created_at, b.id))[1] as price,"
        " sum(b.quantity) >= min(m.package_min_qty) as available from stock_batches b"
        " join stock_medicines m using (clinic_id, medication_id) where b.clinic_id = $1 and b.division_id = $2"
        " and b.quantity > 0 and b.expires_on >= $3 and b.price > 0 group by b.medication_id"
        " order by b.medication_id limit $4",
        share.clinic_id,
        share.division_id,
        today,
        most,
    )
    return found


async def settle(db: Connection, share: Share, at: datetime, next_at: datetime | None, told: int) -> None:
    """It was told."""
    await db.execute(
        "update stock_shares set told_at = $3, told = $4, next_at = $5, tries = 0, refusal = ''"
        " where clinic_id = $1 and division_id = $2",
        share.clinic_id,
        share.division_id,
        at,
        told,
        next_at,
    )


async def put_off(db: Connection, share: Share, next_at: datetime, refusal: str) -> None:
    """It was not told: tried again later."""
    await db.execute(
        "update stock_shares set next_at = $3, tries = tries + 1, refusal = $4"
        " where clinic_id = $1 and division_id = $2",
        share.clinic_id,
        share.division_id,
        next_at,
        refusal,
    )


async def note(db: Connection, share: Share, user_id: UUID, at: datetime, told: int) -> None:
    """Leave a line of what was told without a page, in the name of whose consent it was told with."""
    actor = Actor(user_id=user_id, client_id=share.clinic_id)
    about = audit.AuditContext(at, str(new_id()), str(Event.TOLD), actor)
    await audit.write(db, about, [AuditEntry(str(Event.TOLD), str(share.division_id), None, {"packages": told})])
