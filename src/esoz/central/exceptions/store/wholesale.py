"""Rows of requests of institutions and of what was supplied by them."""

from collections.abc import Iterable
from dataclasses import fields
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound

from ..model.wholesale import SupplyFilter, WholesaleFilter, WholesaleRequest, WholesaleSupply
from .rows import values_of, where_contains, where_recorded

_REQUEST = tuple(field.name for field in fields(WholesaleRequest))
_REQUESTS = f"select {', '.join(_REQUEST)} from wholesale_requests"
_SUPPLY = tuple(field.name for field in fields(WholesaleSupply))
_SUPPLIES = f"select {', '.join(_SUPPLY)} from wholesale_supplies"


async def add(db: Connection, request: WholesaleRequest) -> bool:
    """Store a request unless it is recorded already, anywhere in the country (WS-2)."""
    values = values_of(request, _REQUEST) | {"requester_type": str(request.requester_type)}
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    added = await db.fetchval(
        f"insert into wholesale_requests ({', '.join(values)}) values ({places})"
        " on conflict (key) where status <> 'ENTERED_IN_ERROR' do nothing returning id",
        *values.values(),
    )
    return added is not None


async def find(db: Connection, id: UUID, *, lock: bool = False) -> WholesaleRequest:
    """A request, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{_REQUESTS} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(WholesaleRequest, row)


async def found(db: Connection, ids: Iterable[UUID]) -> dict[UUID, WholesaleRequest]:
    """Requests by their ids."""
    rows = await db.fetch(f"{_REQUESTS} where id = any($1::uuid[])", list(ids))
    return {row["id"]: as_model(WholesaleRequest, row) for row in rows}


async def save(db: Connection, request: WholesaleRequest) -> None:
    await write_later(
        db,
        "update wholesale_requests set status = $2, error_reason = $3, updated_at = $4, updated_by = $5 where id = $1",
        request.id,
        str(request.status),
        request.error_reason,
        request.updated_at,
        request.updated_by,
    )


async def journal(
    db: Connection, legal_entity_id: UUID | None, filters: WholesaleFilter, page: Page
) -> tuple[list[WholesaleRequest], Paged]:
    """Requests of a supplier, recorded last first."""
    query = Query(_REQUESTS).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("division_id = {}", filters.division_id)
    query.where_given("requester_edrpou = {}", filters.requester_edrpou)
    query.where_given("status = {}", filters.status and str(filters.status))
    query.where_given("requester_type = {}", filters.requester_type and str(filters.requester_type))
    where_contains(query, "number", filters.number)
    where_contains(query, "requester_name", filters.requester)
    where_contains(query, "words", filters.medication)
    query.where_given("requested_at >= {}", filters.requested_from)
    query.where_given("requested_at <= {}", filters.requested_to)
    where_recorded(query, filters.recorded_from, filters.recorded_to)
    paged = await query.page(db, page, order="inserted_at desc, id desc")
    return [as_model(WholesaleRequest, row) for row in paged.rows], paged


async def add_supply(db: Connection, supply: WholesaleSupply) -> None:
    await insert_later(db, "wholesale_supplies", **values_of(supply, _SUPPLY))


async def is_supply(db: Connection, id: UUID) -> bool:
    known: bool = await db.fetchval("select exists (select from wholesale_supplies where id = $1)", id)
    return known


async def request_of(db: Connection, supply_id: UUID) -> UUID:
    """The request that something was supplied by; raise NotFound."""
    known = await db.fetchval("select wholesale_request_id from wholesale_supplies where id = $1", supply_id)
    if known is None:
        raise NotFound()
    return UUID(str(known))


async def supplies_of(db: Connection, request_id: UUID) -> list[WholesaleSupply]:
    """What was supplied by a request, the first act first."""
    rows = await db.fetch(f"{_SUPPLIES} where wholesale_request_id = $1 order by inserted_at, id", request_id)
    return [as_model(WholesaleSupply, row) for row in rows]


async def supplies(
    db: Connection, legal_entity_id: UUID | None, filters: SupplyFilter, page: Page
) -> tuple[list[WholesaleSupply], Paged]:
    """What a supplier has supplied, the latest day first."""
    query = Query(_SUPPLIES).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("division_id = {}", filters.division_id)
    query.where_given("wholesale_request_id = {}", filters.wholesale_request_id)
    query.where_given("status = {}", filters.status and str(filters.status))
    where_contains(query, "words", filters.medication)
    query.where_given("supplied_at >= {}", filters.supplied_from).where_given("supplied_at <= {}", filters.supplied_to)
    paged = await query.page(db, page, order="supplied_at desc, inserted_at desc, id desc")
    return [as_model(WholesaleSupply, row) for row in paged.rows], paged


async def save_supply(db: Connection, supply: WholesaleSupply) -> None:
    """Store what may change: that it was a mistake."""
    await write_later(
        db,
        "update wholesale_supplies set status = $2, error_reason = $3, updated_at = $4, updated_by = $5 where id = $1",
        supply.id,
        str(supply.status),
        supply.error_reason,
        supply.updated_at,
        supply.updated_by,
    )
