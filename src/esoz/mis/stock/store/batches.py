"""Medicines, batches and what is at hand of them, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many

from ..model.batches import SOON, AtHand, Batch, Medicine


@dataclass(frozen=True, slots=True)
class Place:
    """Whose stock: a division of a pharmacy."""

    clinic_id: UUID
    division_id: UUID


_MEDICINE = tuple(Medicine.__dataclass_fields__)
_BATCH = tuple(Batch.__dataclass_fields__)


async def keep_medicines(db: Connection, clinic_id: UUID, medicines: Collection[Medicine]) -> None:
    """Remember medicines as central tells them now."""
    places = ", ".join(f"${number}" for number in range(2, len(_MEDICINE) + 2))
    news = ", ".join(f"{name} = excluded.{name}" for name in _MEDICINE[1:])
    await execute_many(
        db,
        f"insert into stock_medicines (clinic_id, {', '.join(_MEDICINE)}) values ($1, {places})"
        f" on conflict (clinic_id, medication_id) do update set {news}",
        [
            (clinic_id, *(getattr(each, name) for name in _MEDICINE))
            for each in sorted(medicines, key=lambda each: each.medication_id)
        ],
    )


async def keep_offers(db: Connection, found: Mapping[UUID, UUID]) -> None:
    """Packages of programmes, by their ids there, with their ids in the register."""
    await execute_many(
        db,
        "insert into stock_offers (program_medication_id, medication_id) values ($1, $2) on conflict do nothing",
        sorted(found.items()),
    )


async def offers(db: Connection, clinic_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The register's ids of packages of programmes, of those that this pharmacy has met."""
    rows = await db.fetch(
        "select o.program_medication_id, o.medication_id from stock_offers o join stock_medicines m"
        " using (medication_id) where m.clinic_id = $1 and o.program_medication_id = any($2)",
        clinic_id,
        list(ids),
    )
    return {row["program_medication_id"]: row["medication_id"] for row in rows}


async def medicine(db: Connection, clinic_id: UUID, medication_id: UUID) -> Medicine | None:
    row = await db.fetchrow(
        f"select {', '.join(_MEDICINE)} from stock_medicines where clinic_id = $1 and medication_id = $2",
        clinic_id,
        medication_id,
    )
    return as_model(Medicine, row) if row else None


async def medicines(db: Connection, clinic_id: UUID, ids: Collection[UUID]) -> dict[UUID, Medicine]:
    rows = await db.fetch(
        f"select {', '.join(_MEDICINE)} from stock_medicines where clinic_id = $1 and medication_id = any($2)",
        clinic_id,
        list(ids),
    )
    return {row["medication_id"]: as_model(Medicine, row) for row in rows}


async def by_barcode(db: Connection, clinic_id: UUID, barcode: str) -> Medicine | None:
    """The medicine that this pharmacy has met with this barcode."""
    row = await db.fetchrow(
        f"select {', '.join(f'm.{name}' for name in _MEDICINE)} from stock_barcodes b"
        " join stock_medicines m using (clinic_id, medication_id) where b.clinic_id = $1 and b.barcode = $2",
        clinic_id,
        barcode,
    )
    return as_model(Medicine, row) if row else None


async def by_name(db: Connection, clinic_id: UUID, name: str) -> Sequence[Medicine]:
    """Known medicines of just this name."""
    rows = await db.fetch(
        f"select {', '.join(_MEDICINE)} from stock_medicines"
        " where clinic_id = $1 and plain_name(name) = plain_name($2) order by medication_id limit 2",
        clinic_id,
        name,
    )
    return [as_model(Medicine, row) for row in rows]


async def keep_barcode(db: Connection, clinic_id: UUID, barcode: str, medication_id: UUID) -> None:
    """The barcode of a medicine from now on."""
    await db.execute(
        "insert into stock_barcodes (clinic_id, barcode, medication_id) values ($1, $2, $3)"
        " on conflict (clinic_id, barcode) do update set medication_id = excluded.medication_id",
        clinic_id,
        barcode,
        medication_id,
    )


async def of_medicines(db: Connection, place: Place, ids: Collection[UUID], *, lock: bool = False) -> Sequence[Batch]:
    """Batches with something left; `lock`: nobody else takes from them until the end of the transaction."""
    # In one order, so that two who take the same medicines wait for each other and never in a ring.
    rows = await db.fetch(
        f"select {', '.join(_BATCH)} from stock_batches where clinic_id = $1 and division_id = $2"
        " and medication_id = any($3) and quantity > 0 order by id" + " for update" * lock,
        place.clinic_id,
        place.division_id,
        list(ids),
    )
    return [as_model(Batch, row) for row in rows]


async def batch(db: Connection, clinic_id: UUID, batch_id: UUID, *, lock: bool = False) -> Row | None:
    """A batch with its division."""
    row: Row | None = await db.fetchrow(
        "select b.*, m.name, m.manufacturer, m.form, m.unit, m.package_qty, m.package_min_qty from stock_batches b"
        " join stock_medicines m using (clinic_id, medication_id) where b.clinic_id = $1 and b.id = $2"
        + " for update of b"
        * lock,
        clinic_id,
        batch_id,
    )
    return row


async def at_hand(db: Connection, place: Place, ids: Collection[UUID], today: date) -> Mapping[UUID, AtHand]:
    """What may be given of each medicine, and the price of the package that goes first (PH-1, PH-2)."""
    rows = await db.fetch(
        "select medication_id, sum(quantity) as quantity,"
        " (array_agg(price order by expires_on, created_at, id))[1] as price,"
        " (array_agg(series order by expires_on, created_at, id))[1] as series, min(expires_on) as expires_on"
        " from stock_batches where clinic_id = $1 and division_id = $2 and medication_id = any($3)"
        " and quantity > 0 and expires_on >= $4 group by medication_id",
        place.clinic_id,
        place.division_id,
        list(ids),
        today,
    )
    return {row["medication_id"]: as_model(AtHand, row) for row in rows}


_STOCK = """
select m.medication_id, m.name, m.manufacturer, m.form, m.unit, m.package_qty, m.package_min_qty,
    b.quantity, b.good, b.price, b.expires_on
from stock_medicines m join (
    select medication_id, sum(quantity) as quantity, sum(quantity) filter (where expires_on >= {today}) as good,
        (array_agg(price order by expires_on, created_at, id) filter (where expires_on >= {today}))[1] as price,
        min(expires_on) as expires_on
    from stock_batches where clinic_id = {clinic} and division_id = {division} and quantity > 0
    group by medication_id
) b using (medication_id)
"""


async def in_stock(db: Connection, place: Place, words: str, today: date, page: Page) -> Paged:
    """Medicines that a division has, by words of the name or by the whole barcode, in alphabetical order."""
    text = _STOCK.format(today="$1", clinic="$2", division="$3")
    query = Query(text, values=[today, place.clinic_id, place.division_id]).where("m.clinic_id = {}", place.clinic_id)
    if words.isdecimal():
        known = "select medication_id from stock_barcodes where clinic_id = {} and barcode = {}"
        query.where(f"m.medication_id in ({known})", place.clinic_id, words)
    else:
        for word in words.split():
            query.where("strpos(plain_name(m.name), plain_name({})) > 0", word)
    return await query.page(db, page, order='ukrainian_key(name) collate "C", medication_id')


def _batches(place: Place) -> Query:
    return (
        Query(
            "select b.*, m.name, m.manufacturer, m.form, m.unit, m.package_qty, m.package_min_qty"
            " from stock_batches b join stock_medicines m using (clinic_id, medication_id)"
        )
        .where("b.clinic_id = {} and b.division_id = {}", place.clinic_id, place.division_id)
        .where("b.quantity > 0")
    )


async def batches_of(db: Connection, place: Place, medication_id: UUID, page: Page) -> Paged:
    """Batches of a medicine that have something left, the first to go at the top."""
    query = _batches(place).where("b.medication_id = {}", medication_id)
    return await query.page(db, page, order="expires_on, created_at, id")


async def all_batches(db: Connection, place: Place, words: str, page: Page) -> Paged:
    """All batches with something left, as they stand on the shelves."""
    query = _batches(place)
    for word in words.split():
        query.where("strpos(plain_name(m.name), plain_name({})) > 0", word)
    return await query.page(db, page, order='ukrainian_key(name) collate "C", expires_on, id')


async def expiring(db: Connection, place: Place, today: date, page: Page) -> Paged:
    """Batches whose term is over or ends soon."""
    query = _batches(place).where("b.expires_on <= {}", today + SOON)
    return await query.page(db, page, order="expires_on, id")


async def questions(db: Connection, clinic_id: UUID, today: date) -> Row:
    """What the books of all divisions ask for: medicines that they lack, batches that are over or soon will be, and
    deliveries that nobody has entered."""
    found: Row = await db.fetchrow(
        "select (select count(*) from (select from stock_movements where clinic_id = $1 and batch_id is null"
        " group by division_id, medication_id having sum(quantity) <> 0) lacking_) as lacking,"
        " (select count(*) from stock_batches where clinic_id = $1 and quantity > 0 and expires_on < $2) as expired,"
        " (select count(*) from stock_batches where clinic_id = $1 and quantity > 0 and expires_on >= $2"
        " and expires_on <= $3) as expiring,"
        " (select count(*) from stock_acts where clinic_id = $1 and state = 'open') as receipts",
        clinic_id,
        today,
        today + SOON,
    )
    return found


async def take_from(db: Connection, batch_id: UUID, quantity: Decimal) -> None:
    """Less of a batch; of a quantity below zero more. The database refuses less than nothing."""
    await db.execute("update stock_batches set quantity = quantity - $2 where id = $1", batch_id, quantity)


async def keeps_stock(db: Connection, place: Place) -> datetime | None:
    """Since when a division keeps its stock here; None when it does not."""
    found: datetime | None = await db.fetchval(
        "select since from stock_divisions where clinic_id = $1 and division_id = $2",
        place.clinic_id,
        place.division_id,
    )
    return found


async def begin_keeping(db: Connection, place: Place, at: datetime) -> None:
    """A division keeps its stock here from now on; one that does already goes on."""
    await db.execute(
        "insert into stock_divisions (clinic_id, division_id, since) values ($1, $2, $3) on conflict do nothing",
        place.clinic_id,
        place.division_id,
        at,
    )
