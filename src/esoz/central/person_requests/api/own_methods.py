"""Operations of a person's own ways to authenticate, through their cabinet."""

from esoz.central import people
from esoz.kernel.operation import Call, Reply

from ..commands import own_methods as commands
from ..wire import methods as wire
from ..wire import own
from ..wire import requests as common
from .registry import operations

REQUESTS = "/api/pis/authentication_method_requests"
METHODS = "/api/pis/authentication_methods"


@operations.add("post_api_pis_authentication_method_requests", f"POST {REQUESTS}", scope="")
async def create(call: Call) -> Reply:
    body = call.body(own.OwnMethodBody)
    request = await commands.create(call.work, body.change(), body.otp)
    return Reply(wire.method_request(request), status=201, urgent=wire.own_urgent(request))


@operations.add(
    "patch_api_pis_authentication_method_requests_ID_actions_approve",
    f"PATCH {REQUESTS}/{{request_id}}/actions/approve",
    scope="",
)
async def approve(call: Call) -> Reply:
    code = call.body(common.ApproveBody).verification_code
    return Reply(wire.method_request(await commands.approve(call.work, call.id("request_id"), code)), status=201)


@operations.add(
    "post_api_pis_authentication_method_requests_ID_actions_resend_otp",
    f"POST {REQUESTS}/{{request_id}}/actions/resend_otp",
    scope="",
)
async def resend(call: Call) -> Reply:
    return Reply(common.code_sent(await commands.resend(call.work, call.id("request_id"))))


@operations.add("patch_api_pis_authentication_methods_ID", f"PATCH {METHODS}/{{id}}", scope="")
async def rename(call: Call) -> Reply:
    method = await commands.rename(call.work, call.id("id"), call.body(own.AliasBody).alias)
    return Reply(people.own_authentication_method(method), status=201)


@operations.add(
    "patch_api_pis_authentication_methods_ID_actions_deactivate", f"PATCH {METHODS}/{{id}}/actions/deactivate", scope=""
)
async def deactivate(call: Call) -> Reply:
    return Reply(people.own_authentication_method(await commands.deactivate(call.work, call.id("id"))), status=201)
