"""Operations of verifications of telephones."""

from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, store, wire
from .model import Event

operations = Operations()


@operations.add("post_api_verifications", "POST /api/verifications", scope="otp:write")
async def start(call: Call) -> Reply:
    asked = call.body(wire.StartBody)
    return Reply(wire.verification(await commands.start(call.work, asked.phone_number)))


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
    if not await store.is_verified(call.work.db, phone):
        raise NotFound()
    call.work.record(Event.READ, "phone")
    return Reply({"phone_number": phone})


@operations.add("post_api_sms_verifications", "POST /api/sms_verifications", scope="otp:write")
async def verify(call: Call) -> Reply:
    asked = call.body(wire.SMSBody)
    if await store.is_verified(call.work.db, asked.factor):
        call.work.record(Event.READ, "phone")
        return Reply({"result": "Verified"}, urgent={})
    await commands.start(call.work, asked.factor, content_hash=asked.content_hash, entry="$.factor")
    return Reply({"result": "OTP sent"}, urgent={"next_step": "REQUEST_OTP"})
