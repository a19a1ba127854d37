"""Operations of patients' coming in."""

from esoz.central import identity
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, wire
from .model import GRANT

operations = Operations()


@operations.add("post_api_pis_sign-in", "POST /api/pis/sign-in", public=True)
async def sign_in(call: Call) -> Reply:
    issued = await commands.sign_in(call.work, call.body(wire.SignInBody).token)
    token = identity.token_as_published(issued.token, issued.value, grant_type=GRANT, refresh_token=issued.refresh)
    return Reply(token, 201)
