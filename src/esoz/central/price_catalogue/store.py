"""Rows of what pharmacies have."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from esoz.central.medications import as_medication
from esoz.central.organisations import find_divisions
from esoz.kernel.db import Connection, Page, Paged, Query, Row

from .model import EARTH, RADIUS, Assortment, Offer, OfferFilter, box_around


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
