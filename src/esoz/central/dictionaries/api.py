"""Operations of dictionaries and addresses: open to everybody, as published."""

from collections.abc import Callable

import msgspec

from esoz.kernel.db import Paged, Row
from esoz.kernel.operation import Call, Operations, Paging, Reply
from esoz.kernel.payload import JSON

from . import queries, wire
from .cache import Render, prepared_answers
from .model import AddressFilter, DictionaryFilter, Event

operations = Operations()


@operations.add("API-011-065-0001", "GET /api/dictionaries", public=True)
async def dictionaries_v1(call: Call) -> Reply:
    query = call.query(wire.DictionariesQuery)
    # DI-1: the open list gives active values.
    filters = DictionaryFilter(query.name, query.is_active, value_is_active=True)
    return await _prepared(call, filters, "v1", wire.dictionaries_v1)


@operations.add("API-011-065-0005", "GET /api/v2/dictionaries", public=True)
async def dictionaries_v2(call: Call) -> Reply:
    filters = call.query(DictionaryFilter)
    if filters.value_code is not None or filters.value_description is not None:
        return Reply(wire.dictionaries_v2(*await queries.values_searched(call.work, filters)))
    return await _prepared(call, filters, "v2", wire.dictionaries_v2)


async def _prepared(call: Call, filters: DictionaryFilter, form: str, render: Render) -> Reply:
    call.work.record(Event.DICTIONARIES_READ, "register")
    return Reply(await prepared_answers.of(call.work.db, filters, form, render))


@operations.add("get_api_diagnoses_groups", "GET /api/diagnoses_groups", public=True)
async def diagnoses_groups(call: Call) -> Reply:
    filters = msgspec.structs.asdict(call.query(wire.DiagnosesGroupsQuery))
    return _page(await queries.diagnoses_groups(call.work, filters, call.page()), wire.diagnoses_group)


@operations.add("get_api_diagnoses_groups_ID", "GET /api/diagnoses_groups/{id}", public=True)
async def diagnoses_group(call: Call) -> Reply:
    group, codes = await queries.diagnoses_group(call.work, call.id("id"))
    return Reply(wire.diagnoses_group_with_codes(group, codes))


@operations.add("API-012-001-0004", "GET /api/uaddresses/regions", public=True)
async def regions(call: Call) -> Reply:
    query = call.query(wire.RegionsQuery)
    return _page(await queries.regions(call.work, AddressFilter(query.name, query.koatuu), call.page()), wire.region)


@operations.add("API-012-001-0001", "GET /api/uaddresses/districts", public=True)
async def districts(call: Call) -> Reply:
    query = call.query(wire.DistrictsQuery)
    filters = AddressFilter(query.name, query.koatuu, region=query.region, region_id=query.region_id)
    return _page(await queries.districts(call.work, filters, call.page()), wire.district)


@operations.add("API-012-001-0002", "GET /api/uaddresses/regions/{region_id}/districts", public=True)
async def districts_of_region(call: Call) -> Reply:
    query = call.query(wire.RegionsQuery)
    filters = AddressFilter(query.name, query.koatuu, region_id=call.id("region_id"))
    return _page(await queries.districts_of_region(call.work, filters, call.page()), wire.district_short)


@operations.add("API-012-001-0005", "GET /api/uaddresses/settlements", public=True)
async def settlements(call: Call) -> Reply:
    query = call.query(wire.SettlementsQuery)
    filters = AddressFilter(
        query.name,
        query.koatuu,
        region=query.region,
        district=query.district,
        type=query.type,
        mountain_group=query.mountain_group,
    )
    return _page(await queries.settlements(call.work, filters, call.page()), wire.settlement)


@operations.add("API-012-001-0006", "GET /api/uaddresses/settlements/{id}", public=True)
async def settlement(call: Call) -> Reply:
    return Reply(wire.settlement(await queries.settlement(call.work, call.id("id"))))


@operations.add("API-012-001-0003", "GET /api/uaddresses/districts/{district_id}/settlements", public=True)
async def settlements_of_district(call: Call) -> Reply:
    query = call.query(wire.RegionsQuery)
    filters = AddressFilter(query.name, query.koatuu, district_id=call.id("district_id"))
    return _page(await queries.settlements_of_district(call.work, filters, call.page()), wire.settlement_short)


@operations.add("API-012-001-0007", "GET /api/uaddresses/streets", public=True)
async def streets(call: Call) -> Reply:
    query = call.query(wire.StreetsQuery)
    filters = AddressFilter(query.name, type=query.type)
    return _page(await queries.streets(call.work, query.settlement_id, filters, call.page()), wire.street)


def _page(paged: Paged, shape: Callable[[Row], JSON]) -> Reply:
    return Reply([shape(row) for row in paged.rows], paging=Paging.of(paged))
