"""Operations of merge requests."""

from esoz.central import verifications
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import NewRequest, RequestFilter

operations = Operations()

PATH = "/api/merge_requests"
READ, WRITE = "merge_request:read", "merge_request:write"


@operations.add("post_api_merge_requests", f"POST {PATH}", scope=WRITE)
async def create(call: Call) -> Reply:
    made = await commands.create(call.work, call.body(NewRequest))
    return Reply(wire.request(made), 201, urgent=wire.urgent(made))


@operations.add("get_api_merge_requests", f"GET {PATH}", scope=READ)
async def requests(call: Call) -> Reply:
    found, paged = await queries.requests(call.work, call.query(RequestFilter), call.page())
    return Reply([wire.request(each) for each in found], paging=Paging.of(paged))


@operations.add("get_api_merge_requests_ID", f"GET {PATH}/{{id}}", scope=READ)
async def request(call: Call) -> Reply:
    found = await queries.request(call.work, call.id("id"))
    return Reply(wire.request_whole(found), urgent=wire.urgent(found))


@operations.add("patch_api_merge_requests_ID_actions_approve", f"PATCH {PATH}/{{id}}/actions/approve", scope=WRITE)
async def approve(call: Call) -> Reply:
    code = call.body(wire.CodeBody).verification_code
    return Reply(wire.request_whole(await commands.approve(call.work, call.id("id"), code)))


@operations.add("post_api_merge_requests_ID_actions_resend_otp", f"POST {PATH}/{{id}}/actions/resend_otp", scope=WRITE)
async def resend_code(call: Call) -> Reply:
    return Reply(verifications.verification_shown(await commands.resend_code(call.work, call.id("id"))))


@operations.add("patch_api_merge_requests_ID_actions_reject", f"PATCH {PATH}/{{id}}/actions/reject", scope=WRITE)
async def reject(call: Call) -> Reply:
    return Reply(wire.request(await commands.reject(call.work, call.id("id"))))


@operations.add("patch_api_merge_requests_ID_actions_sign", f"PATCH {PATH}/{{id}}/actions/sign", scope=WRITE)
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignBody).signed_content
    return Reply(wire.request(await commands.sign(call.work, call.id("id"), document)))
