"""Declarations by ids alone, as contract 9.15 has them beside the first version."""

import msgspec

from esoz.central.people import current_authentication_method
from esoz.kernel.operation import Call, Paging, Reply

from ..model import DeclarationFilter
from ..queries import declarations as queries
from ..wire import flat as wire
from ..wire.declarations import method_current
from .registry import operations

PATH = "/api/v2/declarations"


@operations.add("get_api_v2_declarations", f"GET {PATH}", scope="declaration:read")
async def declarations(call: Call) -> Reply:
    filters = DeclarationFilter(**msgspec.structs.asdict(call.query(wire.FlatQuery)))
    paged = await queries.declarations(call.work, filters, call.page())
    return Reply([wire.declaration_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_v2_declarations_ID", f"GET {PATH}/{{id}}", scope="declaration:read")
async def declaration(call: Call) -> Reply:
    found, method = await queries.with_method(call.work, call.id("id"))
    return Reply(wire.declaration(found), urgent=method_current(method))


@operations.add(
    "get_api_v2_persons_ID_declaration", "GET /api/v2/persons/{id}/declaration", scope="declaration:read", patient="id"
)
async def declaration_of_person(call: Call) -> Reply:
    found = await queries.declaration_of_person(call.work, call.id("id"))
    method = await current_authentication_method(call.work.db, found.person_id)
    return Reply(wire.declaration(found.on(call.work.today)), urgent=method_current(method))
