"""Operations of requests about ways to authenticate."""

from esoz.kernel.operation import Call, Reply

from ..commands import methods as commands
from ..wire import methods as wire
from ..wire import requests as common
from .registry import operations

PATH = "/api/persons/{id}/authentication_method_requests"
SCOPE = "authentication_method_request:write"


# Of three published shapes that none fits, a schema can only say so; the rules say at which field and why.
@operations.add(
    "post_api_persons_ID_authentication_method_requests",
    f"POST {PATH}",
    scope=SCOPE,
    patient="id",
    schema_validation=False,
)
async def create(call: Call) -> Reply:
    body = call.body(wire.MethodRequestBody)
    request, documents = await commands.create(call.work, call.id("id"), body.action, body.authentication_method)
    return Reply(wire.method_request(request), status=201, urgent=wire.urgent(request, documents))


@operations.add(
    "patch_api_persons_ID_authentication_method_requests_ID_actions_approve",
    f"PATCH {PATH}/{{request_id}}/actions/approve",
    scope=SCOPE,
    patient="id",
)
async def approve(call: Call) -> Reply:
    code = call.body(common.ApproveBody).verification_code
    request = await commands.approve(call.work, call.id("id"), call.id("request_id"), code)
    return Reply(wire.method_request(request), status=201)


@operations.add(
    "post_api_persons_ID_authentication_method_requests_ID_actions_resend_otp",
    f"POST {PATH}/{{request_id}}/actions/resend_otp",
    scope=SCOPE,
    patient="id",
)
async def resend(call: Call) -> Reply:
    return Reply(common.code_sent(await commands.resend(call.work, call.id("id"), call.id("request_id"))))
