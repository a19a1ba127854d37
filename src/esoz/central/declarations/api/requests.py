"""Operations of requests for declarations: what a clinic does."""

from esoz.central.verifications import verification_shown
from esoz.kernel.operation import Call, Paging, Reply

from ..commands import requests as commands
from ..commands import signing
from ..model import NewRequest, RequestFilter
from ..queries import requests as queries
from ..wire import requests as wire
from .registry import operations

PATH = "/api/v3/declaration_requests"
CREATED = 201


@operations.add("API-005-014-0001", f"POST {PATH}", scope="declaration_request:write")
async def create(call: Call) -> Reply:
    made = await commands.create(call.work, call.body(NewRequest))
    return Reply(wire.request(made.request), status=CREATED, urgent=wire.urgent(made.request, made.documents))


@operations.add("API-005-014-0002", f"PATCH {PATH}/{{id}}/actions/approve", scope="declaration_request:approve")
async def approve(call: Call) -> Reply:
    approved = await commands.approve(call.work, call.id("id"), call.body(wire.Approval).code())
    return Reply(wire.request(approved), status=CREATED)


@operations.add("API-005-014-0003", f"PATCH {PATH}/{{id}}/actions/reject", scope="declaration_request:reject")
async def reject(call: Call) -> Reply:
    return Reply(wire.request(await commands.reject(call.work, call.id("id"))), status=CREATED)


@operations.add("API-005-014-0004", f"PATCH {PATH}/{{id}}/actions/sign", scope="declaration_request:sign")
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignedRequest).signed_declaration_request
    return Reply(wire.declaration_short(await signing.sign(call.work, call.id("id"), document)))


@operations.add("API-005-014-0005", f"GET {PATH}/{{id}}", scope="declaration_request:read")
async def find(call: Call) -> Reply:
    found, documents = await queries.request(call.work, call.id("id"))
    return Reply(wire.request_details(found), urgent=wire.urgent(found, documents))


@operations.add("API-005-014-0006", f"GET {PATH}", scope="declaration_request:read")
async def find_many(call: Call) -> Reply:
    paged = await queries.requests(call.work, call.query(RequestFilter), call.page())
    return Reply([wire.request_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-005-014-0007", f"POST {PATH}/{{id}}/actions/resend_otp", scope="otp:write")
async def resend_code(call: Call) -> Reply:
    return Reply(verification_shown(await commands.resend_code(call.work, call.id("id"))))
