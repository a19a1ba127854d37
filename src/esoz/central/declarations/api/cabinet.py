"""Operations of the first cabinet of patients: the same declarations and requests in its spelling.

Here the patient approves what they asked for, and the doctor signs (CB-5, DC-18).
"""

from esoz.central.people import find_person, patient_of
from esoz.central.workforce import known_employee
from esoz.kernel.errors import Forbidden
from esoz.kernel.operation import Call, Paging, Reply
from esoz.kernel.payload import JSON

from ..commands import declarations, own
from ..model import DeclarationRequest
from ..queries import declarations as declaration_queries
from ..queries import requests as queries
from ..wire import cabinet as wire
from ..wire.declarations import Termination, own_declaration, own_declaration_in_list, terminated
from ..wire.requests import urgent
from .registry import operations

REQUESTS, DECLARATIONS = "/api/cabinet/declaration_requests", "/api/cabinet/declarations"
READ, WRITE = "declaration_request:read", "declaration_request:write"


@operations.add("get_api_cabinet_declaration_requests", f"GET {REQUESTS}", scope=READ)
async def requests(call: Call) -> Reply:
    person_id = patient_of(call.work.actor)
    paged = await queries.own_requests(call.work, call.query(wire.RequestsQuery).of(person_id), call.page())
    person = await find_person(call.work.db, person_id)
    return Reply([wire.request_in_list(row, person) for row in paged.rows], paging=Paging.of(paged))


@operations.add("post_api_cabinet_declaration_requests", f"POST {REQUESTS}", scope=WRITE)
async def create(call: Call) -> Reply:
    body, person_id = call.body(wire.NewRequest), patient_of(call.work.actor)
    if body.person_id != person_id:
        raise Forbidden("Access denied")
    made = await own.create(call.work, person_id, body.employee_id, body.division_id)
    return Reply(await _whole(call, made), status=201, urgent=urgent(made))


@operations.add("get_api_cabinet_declaration_requests_ID", f"GET {REQUESTS}/{{id}}", scope=READ)
async def request(call: Call) -> Reply:
    found = await queries.own_request(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply(await _whole(call, found), urgent=urgent(found))


@operations.add(
    "patch_api_cabinet_declaration_requests_ID_actions_approve", f"PATCH {REQUESTS}/{{id}}/actions/approve", scope=WRITE
)
async def approve(call: Call) -> Reply:
    approved = await own.approve(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply(await _whole(call, approved))


async def _whole(call: Call, found: DeclarationRequest) -> JSON:
    """With everybody in it; what was not confirmed at the clinic yet, or is over, has no document to tell them."""
    if found.data_to_be_signed is None:
        return wire.request_by_ids(found)
    return wire.request(found, (await known_employee(call.work, found.employee_id)).speciality)


@operations.add("get_api_cabinet_declarations", f"GET {DECLARATIONS}", scope="declaration:read")
async def own_declarations(call: Call) -> Reply:
    filters = call.query(wire.DeclarationsQuery).of(patient_of(call.work.actor))
    paged = await declaration_queries.own_declarations(call.work, filters, call.page())
    return Reply([own_declaration_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_cabinet_declarations_ID", f"GET {DECLARATIONS}/{{id}}", scope="declaration:read")
async def declaration(call: Call) -> Reply:
    person_id = patient_of(call.work.actor)
    return Reply(own_declaration(await declaration_queries.own_declaration(call.work, person_id, call.id("id"))))


@operations.add(
    "patch_api_cabinet_declarations_ID_actions_terminate",
    f"PATCH {DECLARATIONS}/{{id}}/actions/terminate",
    scope="declaration:terminate",
)
async def terminate(call: Call) -> Reply:
    why = call.body(Termination).reason_description
    ended = await declarations.terminate_own(call.work, patient_of(call.work.actor), call.id("id"), why)
    return Reply(terminated(await declaration_queries.details(call.work, ended)))
