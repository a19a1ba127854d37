"""Movements of the stock and the acts behind them, in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from esoz.kernel.clock import KYIV, new_id
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many, insert

from ..model.batches import PRESCRIPTION, Kind, Line, Receipt
from .batches import Place

_RECEIPT = tuple(Receipt.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Who moved something, when and why."""

    place: Place
    user_id: UUID
    at: datetime
    kind: Kind
    act_id: UUID | None = None
    dispense_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """So much of a batch: more above zero, less below."""

    medication_id: UUID
    batch_id: UUID | None
    quantity: Decimal


async def add(db: Connection, cause: Cause, moved: Collection[Moved]) -> None:
    """Write movements into the journal."""
    place = cause.place
    await execute_many(
        db,
        "insert into stock_movements (id, clinic_id, division_id, medication_id, batch_id, act_id, dispense_id,"
        " user_id, kind, quantity, moved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        [
            (
                *(new_id(), place.clinic_id, place.division_id, each.medication_id, each.batch_id, cause.act_id),
                *(cause.dispense_id, cause.user_id, str(cause.kind), each.quantity, cause.at),
            )
            for each in moved
        ],
    )


@dataclass(frozen=True, slots=True)
class Noted:
    """By what something was handed over, and what it stands with when that is not the act itself."""

    way: str = PRESCRIPTION
    about_id: UUID | None = None


BY_PRESCRIPTION = Noted()


async def note_dispense(
    db: Connection, dispense_id: UUID, place: Place, at: datetime, noted: Noted = BY_PRESCRIPTION
) -> bool:
    """Whether it is the first time that the packages of this dispense are taken."""
    found = await db.fetchval(
        "insert into stock_dispenses (dispense_id, clinic_id, division_id, taken_at, way, about_id)"
        " values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning dispense_id",
        dispense_id,
        place.clinic_id,
        place.division_id,
        at,
        noted.way,
        noted.about_id,
    )
    return found is not None


async def still_out(db: Connection, dispense_ids: Collection[UUID]) -> Sequence[UUID]:
    """Which of these were taken from the stock and nothing of them came back."""
    rows = await db.fetch(
        "select dispense_id from stock_dispenses where dispense_id = any($1) and returned_at is null",
        list(dispense_ids),
    )
    return [row["dispense_id"] for row in rows]


async def worker_named(db: Connection, clinic_id: UUID, names: Sequence[str]) -> UUID | None:
    """The one who works here under this surname, name and patronymic; None when nobody does, or several."""
    rows = await db.fetch(
        "select distinct u.id from users u join workplaces w on w.user_id = u.id where w.clinic_id = $1"
        " and u.last_name = $2 and u.first_name = $3 and coalesce(u.second_name, '') = $4 limit 2",
        clinic_id,
        *names,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def lock_dispense(db: Connection, dispense_id: UUID, clinic_id: UUID) -> bool:
    """Whether the packages of this dispense were taken here; what comes back of it is settled by one at a time."""
    found = await db.fetchval(
        "select dispense_id from stock_dispenses where dispense_id = $1 and clinic_id = $2 for update",
        dispense_id,
        clinic_id,
    )
    return found is not None


async def note_return(db: Connection, dispense_id: UUID, at: datetime) -> None:
    """Something of a dispense came back, the last time now."""
    await db.execute("update stock_dispenses set returned_at = $2 where dispense_id = $1", dispense_id, at)


async def of_dispense(db: Connection, dispense_id: UUID, clinic_id: UUID) -> Sequence[Row]:
    """What was taken for a dispense, and came back of it."""
    found: Sequence[Row] = await db.fetch(
        "select s.*, m.name, m.form, m.unit, b.series, b.expires_on from stock_movements s"
        " join stock_medicines m using (clinic_id, medication_id) left join stock_batches b on b.id = s.batch_id"
        " where s.dispense_id = $1 and s.clinic_id = $2 order by s.id",
        dispense_id,
        clinic_id,
    )
    return found


async def noted(db: Connection, dispense_ids: Collection[UUID]) -> set[UUID]:
    """Which of these dispenses were taken from the stock."""
    rows = await db.fetch("select dispense_id from stock_dispenses where dispense_id = any($1)", list(dispense_ids))
    return {row["dispense_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the journal is asked for."""

    words: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def _journal(place: Place, wanted: Wanted) -> Query:
    query = Query(
        "select s.id, s.moved_at, s.kind, s.quantity, s.dispense_id, s.batch_id, m.name, m.form, m.unit, b.series,"
        " b.expires_on, a.document, a.supplier, a.reason, a.day, u.last_name, u.first_name, d.way,"
        " coalesce(d.about_id, s.dispense_id) as about_id from stock_movements s"
        " join stock_medicines m using (clinic_id, medication_id) left join stock_batches b on b.id = s.batch_id"
        " left join stock_acts a on a.id = s.act_id join users u on u.id = s.user_id"
        " left join stock_dispenses d on d.dispense_id = s.dispense_id"
    ).where("s.clinic_id = {} and s.division_id = {}", place.clinic_id, place.division_id)
    for word in wanted.words.split():
        query.where("strpos(plain_name(m.name), plain_name({})) > 0", word)
    query.where_given("s.kind = {}", wanted.kind or None)
    query.where_given("s.moved_at >= {}", _midnight(wanted.since) if wanted.since else None)
    query.where_given("s.moved_at < {}", _midnight(wanted.until + timedelta(days=1)) if wanted.until else None)
    return query


def _midnight(day: date) -> datetime:
    """When a day begins in Kyiv."""
    return datetime.combine(day, time(), KYIV).astimezone(UTC)


async def journal(db: Connection, place: Place, wanted: Wanted, page: Page) -> Paged:
    """Movements of a division, the newest first."""
    return await _journal(place, wanted).page(db, page, order="moved_at desc, id desc")


async def journal_rows(db: Connection, place: Place, wanted: Wanted, most: int) -> Sequence[Row]:
    """The same for a file."""
    return await _journal(place, wanted).rows(db, order="moved_at desc, id desc", limit=most)


async def totals(db: Connection, place: Place, wanted: Wanted) -> dict[tuple[UUID, str], Decimal]:
    """Sums of movements by medicine and kind; of one day they are what a report of this day has to agree with."""
    rows = await db.fetch(
        "select medication_id, kind, sum(quantity) as quantity from stock_movements where clinic_id = $1"
        " and division_id = $2 and moved_at >= $3 and moved_at < $4 group by medication_id, kind",
        place.clinic_id,
        place.division_id,
        _midnight(wanted.since or date.min.replace(year=2)),
        _midnight((wanted.until or date.max.replace(year=9990)) + timedelta(days=1)),
    )
    return {(row["medication_id"], row["kind"]): row["quantity"] for row in rows}


async def beyond_books(db: Connection, place: Place, page: Page) -> Paged:
    """Medicines of which more was dispensed than the books had, until somebody settles it."""
    query = Query(
        "select m.medication_id, m.name, m.form, m.unit, -sum(s.quantity) as quantity from stock_movements s"
        " join stock_medicines m using (clinic_id, medication_id)"
    ).where("s.clinic_id = {} and s.division_id = {} and s.batch_id is null", place.clinic_id, place.division_id)
    grouped = f"{query.sql()} group by m.medication_id, m.name, m.form, m.unit having sum(s.quantity) <> 0"
    found = Query(grouped, values=query.values)
    return await found.page(db, page, order='ukrainian_key(name) collate "C", medication_id')


async def wait_turn(db: Connection, place: Place, medication_id: UUID) -> None:
    """One who settles a medicine at a time: a second one finds it settled."""
    await db.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"stock:{place.division_id}:{medication_id}"
    )


async def beyond(db: Connection, place: Place, medication_id: UUID) -> Decimal:
    """How much of one medicine that is."""
    found: Decimal = await db.fetchval(
        "select coalesce(-sum(quantity), 0) from stock_movements where clinic_id = $1 and division_id = $2"
        " and medication_id = $3 and batch_id is null",
        place.clinic_id,
        place.division_id,
        medication_id,
    )
    return found


async def add_act(db: Connection, receipt: Receipt) -> None:
    await insert(db, "stock_acts", **{name: getattr(receipt, name) for name in _RECEIPT})


async def act(db: Connection, clinic_id: UUID, act_id: UUID, *, lock: bool = False) -> Receipt | None:
    row = await db.fetchrow(
        f"select {', '.join(_RECEIPT)} from stock_acts where clinic_id = $1 and id = $2" + " for update" * lock,
        clinic_id,
        act_id,
    )
    return as_model(Receipt, row) if row else None


async def finish(db: Connection, act_id: UUID, at: datetime) -> None:
    await db.execute("update stock_acts set state = 'done', done_at = $2 where id = $1", act_id, at)


async def drop(db: Connection, act_id: UUID) -> None:
    """Forget a receipt that was never entered into the books."""
    await db.execute("delete from stock_lines where act_id = $1", act_id)
    await db.execute("delete from stock_acts where id = $1 and state = 'open'", act_id)


async def acts(db: Connection, place: Place, kind: str, page: Page) -> Paged:
    """Receipts, write-offs or inventories of a division, the newest first."""
    query = Query("select * from stock_acts").where(
        "clinic_id = {} and division_id = {} and kind = {}", place.clinic_id, place.division_id, kind
    )
    return await query.page(db, page, order="created_at desc, id")


async def add_lines(db: Connection, receipt: Receipt, lines: Collection[Line]) -> None:
    await execute_many(
        db,
        "insert into stock_lines (id, act_id, clinic_id, medication_id, series, expires_on, quantity, price)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            (
                *(new_id(), receipt.id, receipt.clinic_id, each.medication_id),
                *(each.series, each.expires_on, each.quantity, each.price),
            )
            for each in lines
        ],
    )


async def lines(db: Connection, act_id: UUID) -> Sequence[Row]:
    """Lines of a receipt with what they are of, as they were written."""
    found: Sequence[Row] = await db.fetch(
        "select l.*, m.name, m.manufacturer, m.form, m.unit, m.package_qty, m.package_min_qty from stock_lines l"
        " join stock_medicines m using (clinic_id, medication_id) where l.act_id = $1 order by l.id",
        act_id,
    )
    return found


async def drop_line(db: Connection, act_id: UUID, line_id: UUID) -> None:
    await db.execute("delete from stock_lines where act_id = $1 and id = $2", act_id, line_id)


async def add_batch(db: Connection, batch_id: UUID, receipt: Receipt, line: Line, at: datetime) -> None:
    """What has come in of one line."""
    await insert(
        db,
        "stock_batches",
        id=batch_id,
        clinic_id=receipt.clinic_id,
        division_id=receipt.division_id,
        medication_id=line.medication_id,
        act_id=receipt.id,
        series=line.series,
        expires_on=line.expires_on,
        price=line.price,
        quantity=line.quantity,
        created_at=at,
    )
