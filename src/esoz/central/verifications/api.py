"""Operations of verifications of telephones."""

from esoz.kernel.operation import Call, Operations, Reply

from . import commands, queries, wire

operations = Operations()


@operations.add("post_api_verifications", "POST /api/verifications", scope="otp:write")
async def start(call: Call) -> Reply:
    phone = call.body(wire.StartBody).phone_number
    return Reply(wire.verification(await commands.start(call.work, phone)))


@operations.add(
    "patch_api_verifications_ID_actions_complete",
    "PATCH /api/verifications/{phone_number}/actions/complete",
    scope="otp:write",
)
async def complete(call: Call) -> Reply:
    code = str(call.body(wire.CodeBody).code)
    return Reply(wire.verification(await commands.complete(call.work, call.text("phone_number"), code)))


@operations.add("get_api_verifications_ID", "GET /api/verifications/{phone_number}", scope="otp:read")
async def find(call: Call) -> Reply:
    phone = call.text("phone_number")
    await queries.must_be_verified(call.work, phone)
    return Reply({"phone_number": phone})


@operations.add("post_api_sms_verifications", "POST /api/sms_verifications", scope="otp:write")
async def verify(call: Call) -> Reply:
    body = call.body(wire.SMSBody)
    if await queries.is_verified(call.work, body.factor):
        return Reply({"result": "Verified"}, urgent={})
    await commands.start(call.work, body.factor, content_hash=body.content_hash, entry="$.factor")
    return Reply({"result": "OTP sent"}, urgent={"next_step": "REQUEST_OTP"})
