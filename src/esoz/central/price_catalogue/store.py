"""Rows of prices, and of what pharmacies have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.central.medications import as_dosages, as_medication
from esoz.central.organisations import find_divisions
from esoz.kernel.db import Connection, Page, Paged, Query, Row, execute_many

from .model import EARTH, RADIUS, Assortment, Catalogued, Offer, OfferFilter, Price, Priced, box_around, in_order


async def known_medications(db: Connection, ids: Iterable[UUID]) -> frozenset[UUID]:
    """The packages among `ids` that the register has; one out of use may stand on a shelf still."""
    rows = await db.fetch("select id from medications where id = any($1)", list(set(ids)))
    return frozenset(row["id"] for row in rows)


async def replace(db: Connection, told: Assortment, by: UUID) -> None:
    """Write what a division has in the place of what it told before; two at once come one after the other."""
    await db.execute(
        "insert into pharmacy_assortments (division_id, told_at, told_by) values ($1, $2, $3)"
        " on conflict (division_id) do update set told_at = excluded.told_at, told_by = excluded.told_by",
        told.division_id,
        told.told_at,
        by,
    )
    ids = [each.medication_id for each in told.packages]
    await db.execute(
        "delete from pharmacy_packages where division_id = $1 and medication_id <> all($2)", told.division_id, ids
    )
    await db.execute(
        """
        insert into pharmacy_packages as known (division_id, medication_id, package_price, is_available)
        select $1, * from unnest($2::uuid[], $3::numeric[], $4::boolean[])
        on conflict (division_id, medication_id) do update
            set package_price = excluded.package_price, is_available = excluded.is_available
            where (known.package_price, known.is_available) is distinct from
                (excluded.package_price, excluded.is_available)
        """,
        told.division_id,
        ids,
        [each.package_price for each in told.packages],
        [each.is_available for each in told.packages],
    )


_OFFERS = """
select m.*, m.container_numerator_value as numerator_value, m.container_numerator_unit as numerator_unit,
    m.container_denumerator_value as denumerator_value, m.container_denumerator_unit as denumerator_unit,
    a.package_price, nullif(p.reimbursement_amount, 0) as reimbursement_amount, h.told_at,
    d.id as division_id, e.name as legal_entity_name,
    greatest(a.package_price - coalesce(p.reimbursement_amount, 0), 0) / m.package_qty as unit_price,
    {distance} as distance
from medications m
join pharmacy_packages a on a.medication_id = m.id and a.is_available
join pharmacy_assortments h on h.division_id = a.division_id
join divisions d on d.id = a.division_id and d.is_active and d.status = 'ACTIVE'
join legal_entities e on e.id = d.legal_entity_id and e.is_active and e.status = 'ACTIVE'
left join program_medications p on p.medication_id = m.id and p.medical_program_id = {programme} and p.is_active
    and p.start_date <= {today} and coalesce(p.end_date, 'infinity') >= {today}
"""
# Of two points of a sphere, by the haversine; rounding may carry it a hair over one.
_DISTANCE = (
    f"{2 * EARTH} * asin(sqrt(least(1, power(sin(radians(d.latitude - {{0}}) / 2), 2)"
    " + cos(radians({0})) * cos(radians(d.latitude)) * power(sin(radians(d.longitude - {1}) / 2), 2))))"
)


async def offers(
    db: Connection,
    page: Page,
    wanted: OfferFilter,
    *,
    dosage_id: UUID,
    programme_id: UUID | None,
    since: datetime,
    today: date,
) -> Paged:
    """Packages of a dosage at hand that the programme knows, the cheapest for the patient first, then the nearest."""
    point = (wanted.latitude, wanted.longitude)
    is_placed = wanted.latitude is not None and wanted.longitude is not None
    values: list[object] = [programme_id, today, *(point if is_placed else ())]
    distance = _DISTANCE.format("$3::float8", "$4::float8") if is_placed else "null::float8"
    select = _OFFERS.format(distance=distance, programme="$1::uuid", today="$2::date")
    query = Query(select, values=values).where("m.innm_dosage_id = {} and m.is_active", dosage_id)
    query.where("h.told_at > {}", since)
    query.where_given("d.addresses -> 0 ->> 'settlement_id' = {}::text", _text(wanted.settlement_id))
    if programme_id is not None:
        query.where("p.id is not null")
    if wanted.latitude is not None and wanted.longitude is not None:
        box = box_around(wanted.latitude, wanted.longitude)
        query.where("d.latitude between {} and {}", box.south, box.north)
        query.where("d.longitude between {} and {}", box.west, box.east)
        query.where(f"{distance} <= {{}}", RADIUS)
    paged = await query.page(db, page, order="unit_price, distance nulls last, division_id, id")
    return Paged(await _offers(db, list(paged.rows)), paged.page, paged.total)


async def _offers(db: Connection, rows: list[Row]) -> list[Offer]:
    divisions = await find_divisions(db, [row["division_id"] for row in rows]) if rows else {}
    return [
        Offer(
            medication=as_medication(row),
            division=divisions[row["division_id"]],
            legal_entity_name=row["legal_entity_name"],
            package_price=row["package_price"],
            reimbursement_amount=row["reimbursement_amount"],
            told_at=row["told_at"],
            distance=row["distance"],
        )
        for row in rows
    ]


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)


async def save_prices(db: Connection, prices: Iterable[Price], now: datetime) -> None:
    """Prices from their days on: new ones are added, one of a known day is corrected."""
    await execute_many(
        db,
        "insert into catalogue_prices (medication_id, valid_from, package_price, inserted_at, updated_at)"
        " values ($1, $2, $3, $4, $4) on conflict (medication_id, valid_from) do update"
        " set package_price = excluded.package_price, updated_at = excluded.updated_at",
        [(each.medication_id, each.valid_from, each.package_price, now) for each in prices],
    )


async def prices_of(db: Connection, medication_ids: Iterable[UUID]) -> dict[tuple[UUID, date], Price]:
    """Every price of these packages, of all days."""
    rows = await db.fetch(
        "select medication_id, valid_from, package_price from catalogue_prices where medication_id = any($1)",
        list(set(medication_ids)),
    )
    return {(row["medication_id"], row["valid_from"]): Price(**row) for row in rows}


_OF_THE_DAY = """
join lateral (
    select p.package_price, p.valid_from from catalogue_prices p
    where p.medication_id = m.id and p.valid_from <= {day} order by p.valid_from desc limit 1
) p on p.package_price is not null
"""


async def catalogued(db: Connection, page: Page, words: str | None, *, today: date) -> Paged:
    """Dosages that have a price today, by a part of a name, Ukrainian or Latin; in the order of the alphabet."""
    query = Query("select d.* from innm_dosages d", values=[today]).where("d.is_active")
    query.where(
        f"exists (select from medications m {_OF_THE_DAY.format(day='$1')}"
        " where m.innm_dosage_id = d.id and m.is_active)"
    )
    if words is not None:
        query.where(
            "(strpos(plain_name(d.name), plain_name({0})) > 0 or exists (select from innm_dosage_ingredients i"
            " join innms n on n.id = i.innm_id where i.innm_dosage_id = d.id"
            " and strpos(plain_name(n.name_original), plain_name({0})) > 0))",
            words,
        )
    paged = await query.page(db, page, order="sort_key, id")
    return Paged(await _with_prices(db, paged.rows, today), paged.page, paged.total)


async def find_catalogued(db: Connection, dosage_id: UUID, *, today: date) -> Catalogued | None:
    """A dosage with its prices of today, also when it has none; None when there is no such dosage."""
    rows = await db.fetch("select * from innm_dosages where id = $1", dosage_id)
    found = await _with_prices(db, rows, today)
    return found[0] if found else None


async def _with_prices(db: Connection, rows: Sequence[Row], today: date) -> list[Catalogued]:
    priced: dict[UUID, list[Priced]] = defaultdict(list)
    query = f"""
        select m.*, m.container_numerator_value as numerator_value, m.container_numerator_unit as numerator_unit,
            m.container_denumerator_value as denumerator_value, m.container_denumerator_unit as denumerator_unit,
            p.package_price, p.valid_from
        from medications m {_OF_THE_DAY.format(day="$2")} where m.innm_dosage_id = any($1) and m.is_active
        """
    for row in await db.fetch(query, [row["id"] for row in rows], today):
        priced[row["innm_dosage_id"]].append(Priced(as_medication(row), row["package_price"], row["valid_from"]))
    return [Catalogued(dosage, in_order(priced[dosage.id])) for dosage in await as_dosages(db, rows)]
