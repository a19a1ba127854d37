"""Dispenses of this pharmacy, in SQL."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Query, Row, as_model

from .model import HeldDispense


async def find(db: Connection, dispense_id: UUID, clinic_id: UUID, *, lock: bool = False) -> HeldDispense | None:
    """What is signed of a dispense; `lock` makes a second click wait. None when it was not held from here."""
    row = await db.fetchrow(
        "select * from dispenses where id = $1 and clinic_id = $2" + " for update" * lock, dispense_id, clinic_id
    )
    return as_model(HeldDispense, row) if row else None


async def add(db: Connection, held: HeldDispense) -> None:
    """Keep what will be signed in the place of what was to be; what is signed already stays as it is."""
    names = HeldDispense.__slots__
    places = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    await db.execute(
        f"insert into dispenses ({', '.join(names)}) values ({places}) on conflict (id) do update"
        " set content = excluded.content, user_id = excluded.user_id where dispenses.signed is null",
        *(getattr(held, name) for name in names),
    )


async def keep_signed(db: Connection, dispense_id: UUID, signed: bytes) -> None:
    """Keep the signed document: after a lost answer it is sent again, not signed again."""
    await db.execute("update dispenses set signed = $2 where id = $1", dispense_id, signed)


async def drop(db: Connection, dispense_id: UUID) -> None:
    """Forget a dispense that is settled: central keeps it."""
    await db.execute("delete from dispenses where id = $1", dispense_id)


async def of_request(db: Connection, request_id: UUID, clinic_id: UUID) -> Sequence[HeldDispense]:
    """What this pharmacy has held by a prescription, the newest first."""
    rows = await db.fetch(
        "select * from dispenses where request_id = $1 and clinic_id = $2 order by created_at desc limit 20",
        request_id,
        clinic_id,
    )
    return [as_model(HeldDispense, row) for row in rows]


async def held_now(db: Connection, clinic_id: UUID, now: datetime) -> Sequence[HeldDispense]:
    """What this pharmacy holds at the moment, the one whose time is over first at the top."""
    rows = await db.fetch(
        "select * from dispenses where clinic_id = $1 and held_until > $2 order by held_until limit 20", clinic_id, now
    )
    return [as_model(HeldDispense, row) for row in rows]


async def unsettled(db: Connection, clinic_id: UUID, now: datetime) -> tuple[int, int]:
    """How many dispenses are signed and central does not have them, and how many are held at the moment."""
    row = await db.fetchrow(
        "select count(signed) as signed, count(*) filter (where signed is null and held_until > $2) as held"
        " from dispenses where clinic_id = $1",
        clinic_id,
        now,
    )
    return row["signed"], row["held"]


async def wait_turn(db: Connection, request_id: UUID) -> None:
    """One dispense of a prescription at a time in this pharmacy, whoever of its people begins it."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"dispense:{request_id}")


RETURN = (
    *("dispense_id", "number", "division_id", "division_name", "request_number"),
    *("returned_at", "reason", "words", "lines"),
)


async def note_returns(
    db: Connection, clinic_id: UUID, returns: Sequence[Sequence[object]], signed_by: UUID | None
) -> None:
    """Put returns into the journal, each once; `signed_by`: who signed the last of them."""
    columns = ", ".join(RETURN)
    for each in returns:
        await db.execute(
            f"insert into dispense_returns ({columns}, clinic_id, user_id)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
            *each,
            clinic_id,
            signed_by if each is returns[-1] else None,
        )


async def returns(
    db: Connection, clinic_id: UUID, days: tuple[date, date], division_id: UUID | None, most: int
) -> Sequence[Row]:
    """What was brought back on these days of Kyiv, the first act first; `most` rows and one more when there are."""
    first, last = days
    query = Query(
        "select r.*, u.last_name, u.first_name, u.second_name from dispense_returns r"
        " left join users u on u.id = r.user_id"
    ).where("r.clinic_id = {}", clinic_id)
    query.where("r.returned_at >= {}", datetime.combine(first, time(), KYIV))
    query.where("r.returned_at < {}", datetime.combine(last + timedelta(days=1), time(), KYIV))
    query.where_given("r.division_id = {}", division_id)
    return await query.rows(db, order="r.returned_at, r.dispense_id, r.number", limit=most + 1)
