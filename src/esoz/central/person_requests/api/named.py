"""Operations of requests about persons of contract 9.15, names by language: foreigners come in Latin letters."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import content, queries
from ..commands import requests as commands
from ..model.requests import NAMES_BY_LANGUAGE, RequestFilter, Status, must_be_consented
from ..wire import requests as wire
from .registry import operations

PATH, NAME = "/api/v3/person_requests", "api_v3_person_requests"
READ, WRITE = "person_request:read", "person_request:write"
CREATED = 201


@operations.add(f"post_{NAME}", f"POST {PATH}", scope=WRITE)
async def create(call: Call) -> Reply:
    body = call.body(wire.NamedCreateBody)
    must_be_consented(patient_signed=body.patient_signed, consent=body.process_disclosure_data_consent)
    order = commands.Order(
        version=NAMES_BY_LANGUAGE,
        details=body.person.details(),
        person_id=body.person.id,
        authorize_with=body.authorize_with,
    )
    request, documents = await commands.create(call.work, order)
    return Reply(content.shown(request), status=CREATED, urgent=wire.urgent(request, documents))


@operations.add(f"patch_{NAME}_ID_actions_approve", f"PATCH {PATH}/{{id}}/actions/approve", scope=WRITE)
async def approve(call: Call) -> Reply:
    code = call.body(wire.ApproveBody).verification_code
    request = await commands.approve(call.work, NAMES_BY_LANGUAGE, call.id("id"), code)
    return Reply(content.whole(request), status=CREATED)


@operations.add(f"patch_{NAME}_ID_actions_reject", f"PATCH {PATH}/{{id}}/actions/reject", scope=WRITE)
async def reject(call: Call) -> Reply:
    request = await commands.reject(call.work, NAMES_BY_LANGUAGE, call.id("id"))
    return Reply(content.whole(request), status=CREATED)


@operations.add(f"patch_{NAME}_ID_actions_sign", f"PATCH {PATH}/{{id}}/actions/sign", scope=WRITE)
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignBody).signed_content
    return Reply(wire.signed(await commands.sign(call.work, NAMES_BY_LANGUAGE, call.id("id"), document)))


@operations.add(f"get_{NAME}_ID", f"GET {PATH}/{{id}}", scope=READ)
async def get(call: Call) -> Reply:
    request, documents = await queries.request(call.work, NAMES_BY_LANGUAGE, call.id("id"))
    return Reply(content.whole(request), urgent=wire.urgent(request, documents))


@operations.add(f"get_{NAME}", f"GET {PATH}", scope=READ)
async def get_list(call: Call) -> Reply:
    status = call.query(wire.NamedListQuery).status
    filters = RequestFilter(status=status and Status(status))
    found, paged = await queries.requests(call.work, filters, call.page())
    return Reply([wire.named_in_list(each) for each in found], paging=Paging.of(paged))
