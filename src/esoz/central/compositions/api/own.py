"""Operations of the patients themselves."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import queries, wire
from ..model.filters import OwnFilter
from .reads import PAGE_LIMIT
from .registry import operations

OWN = "/api/pis/person/compositions"


@operations.add("esoz_own_compositions", f"GET {OWN}", scope="person:read")
async def own_compositions(call: Call) -> Reply:
    wanted, page = call.query(OwnFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.own_compositions(call.work, wanted, page)
    return Reply([wire.short(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_own_composition", f"GET {OWN}/{{id}}", scope="person:read")
async def own_composition(call: Call) -> Reply:
    return Reply(wire.shown(await queries.own_composition(call.work, call.id("id"))))
