"""Operations of requests for declarations: what patients do through their cabinets."""

from esoz.central.people import patient_of
from esoz.central.workforce import known_employee
from esoz.kernel.operation import Call, Paging, Reply
from esoz.kernel.payload import JSON

from ..commands import own as commands
from ..model import DeclarationRequest
from ..queries import requests as queries
from ..wire import own as wire
from ..wire.requests import urgent
from .registry import operations

PATH = "/api/pis/declaration_requests"
CREATED = 201


@operations.add("API-005-014-0008", f"POST {PATH}", scope="declaration_request:write_pis")
async def create(call: Call) -> Reply:
    body, person_id = call.body(wire.NewOwnRequest), patient_of(call.work.actor)
    made = await commands.create(call.work, person_id, body.employee_id, body.division_id)
    return Reply(await _whole(call, made), status=CREATED)


@operations.add("API-005-014-0009", f"GET {PATH}", scope="declaration_request:read_pis")
async def find_many(call: Call) -> Reply:
    filters = call.query(wire.OwnRequestsQuery).of(patient_of(call.work.actor))
    paged = await queries.own_requests(call.work, filters, call.page())
    return Reply([wire.own_request_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-005-014-0010", f"GET {PATH}/{{id}}", scope="declaration_request:details_pis")
async def find(call: Call) -> Reply:
    found = await queries.own_request(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply(wire.own_request(found), urgent=urgent(found))


@operations.add("API-005-014-0011", f"PATCH {PATH}/{{id}}/actions/sign", scope="declaration_request:sign_pis")
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignedContent).signed_content
    signed = await commands.sign(call.work, patient_of(call.work.actor), call.id("id"), document)
    return Reply(await _whole(call, signed), status=CREATED)


@operations.add("API-005-014-0012", f"PATCH {PATH}/{{id}}/actions/reject", scope="declaration_request:reject_pis")
async def reject(call: Call) -> Reply:
    rejected = await commands.reject(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply(wire.own_request(rejected), status=CREATED)


async def _whole(call: Call, found: DeclarationRequest) -> JSON:
    return wire.own_request_whole(found, (await known_employee(call.work, found.employee_id)).speciality)
