"""Operations of requests about persons."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import content, queries
from ..commands import requests as commands
from ..model.requests import RequestFilter, Status, must_be_consented
from ..wire import requests as wire
from .registry import operations

PATH = "/api/v2/person_requests"
READ, WRITE = "person_request:read", "person_request:write"
CREATED = 201
VERSION = 2  # names in three fields


@operations.add("API-010-055-0015", f"POST {PATH}", scope=WRITE)
async def create(call: Call) -> Reply:
    body = call.body(wire.CreateBody)
    must_be_consented(patient_signed=body.patient_signed, consent=body.process_disclosure_data_consent)
    order = commands.Order(
        version=VERSION,
        details=body.person.details(),
        person_id=body.person.id,
        authorize_with=body.authorize_with,
    )
    request, documents = await commands.create(call.work, order)
    return Reply(content.shown(request), status=CREATED, urgent=wire.urgent(request, documents))


@operations.add("API-010-055-0017", f"PATCH {PATH}/{{id}}/actions/approve", scope=WRITE)
async def approve(call: Call) -> Reply:
    code = call.body(wire.ApproveBody).verification_code
    request = await commands.approve(call.work, VERSION, call.id("id"), code)
    return Reply(content.whole(request), status=CREATED)


@operations.add("patch_api_v2_person_requests_ID_actions_reject", f"PATCH {PATH}/{{id}}/actions/reject", scope=WRITE)
async def reject(call: Call) -> Reply:
    request = await commands.reject(call.work, VERSION, call.id("id"))
    return Reply(content.whole(request), status=CREATED)


@operations.add("API-010-055-0018", f"PATCH {PATH}/{{id}}/actions/sign", scope=WRITE)
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignBody).signed_content
    return Reply(wire.signed(await commands.sign(call.work, VERSION, call.id("id"), document)))


@operations.add("get_api_v2_person_requests_ID", f"GET {PATH}/{{id}}", scope=READ)
async def get(call: Call) -> Reply:
    request, documents = await queries.request(call.work, VERSION, call.id("id"))
    return Reply(content.whole(request), urgent=wire.urgent(request, documents))


@operations.add("get_api_person_requests", "GET /api/person_requests", scope=READ)
async def get_list(call: Call) -> Reply:
    asked = call.query(wire.ListQuery)
    filters = RequestFilter(legal_entity_id=asked.legal_entity_id, status=asked.status and Status(asked.status))
    found, paged = await queries.requests(call.work, filters, call.page())
    return Reply([wire.in_list(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "post_api_person_requests_ID_actions_resend_otp",
    "POST /api/person_requests/{id}/actions/resend_otp",
    scope=WRITE,
)
async def resend(call: Call) -> Reply:
    return Reply(wire.code_sent(await commands.resend(call.work, call.id("id"))))
