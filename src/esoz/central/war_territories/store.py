"""SQL of the register of territories; a row that a later list changed stays with the moment of its end."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.spelling import plain_name

from .model import Place, Territory, TerritoryFilter, TerritoryRow, above

_FIELDS = tuple(field.name for field in fields(TerritoryRow))
_CURRENT = f"select id, {', '.join(_FIELDS)} from war_territories"
_ADDED = ("id", *_FIELDS, "prefix", "inserted_at")


async def current(db: Connection, *, lock: bool = False) -> list[Territory]:
    """Every row that is valid; `lock` lets one import at a time change them."""
    if lock:
        await db.execute("select pg_advisory_xact_lock(hashtext('war_territories'))")
    return [_territory(row) for row in await db.fetch(f"{_CURRENT} where replaced_at is null")]


async def add(db: Connection, rows: Iterable[tuple[UUID, TerritoryRow]], now: datetime) -> None:
    records = [
        (id, *(_column(getattr(row, name)) for name in _FIELDS), above(row.katottg)[-1], now) for id, row in rows
    ]
    await db.copy_records_to_table("war_territories", records=records, columns=_ADDED)


def _column(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


async def replace(db: Connection, ids: Sequence[UUID], now: datetime) -> None:
    await db.execute("update war_territories set replaced_at = $2 where id = any($1)", list(ids), now)


async def find_place(db: Connection, settlement_id: UUID) -> Place | None:
    row = await db.fetchrow("select code, name from settlements where id = $1", settlement_id)
    return Place(row["code"], row["name"]) if row else None


async def find_place_by_code(db: Connection, code: str) -> Place | None:
    row = await db.fetchrow("select code, name from settlements where code = $1", code)
    return Place(row["code"], row["name"]) if row else None


async def above_place(db: Connection, place: Place) -> list[Territory]:
    """Rows of all that a place lies in, on whatever days."""
    rows = await db.fetch(f"{_CURRENT} where replaced_at is null and prefix = any($1)", above(place.code))
    return [_territory(row) for row in rows]


async def territories(
    db: Connection, filters: TerritoryFilter, place: Place | None, page: Page
) -> tuple[list[Territory], Paged]:
    """Rows in the order of the codes, the earliest first."""
    query = Query(_CURRENT).where("replaced_at is null")
    query.where_given("kind = {}", filters.kind).where_given("katottg = {}", filters.katottg)
    query.where_given("strpos(plain_name(name), {}) > 0", filters.name and plain_name(filters.name))
    query.where_given("strpos(plain_name(region), {}) > 0", filters.region and plain_name(filters.region))
    if filters.on is not None:
        query.where("begins <= {} and (ends is null or ends >= {})", filters.on, filters.on)
    if place is not None:
        query.where("prefix = any({})", above(place.code)).where("not {} = any(except_codes)", place.code)
        query.where("not {} in (select plain_name(each) from unnest(except_names) each)", plain_name(place.name))
    paged = await query.page(db, page, order="katottg, begins, id")
    return [_territory(row) for row in paged.rows], paged


def _territory(row: Row) -> Territory:
    return as_model(Territory, {name: row[name] for name in ("id", *_FIELDS)})
