"""Operations of coming in: POST /auth/login for workers and patients, and a patient's sign-in to a trusted cabinet."""

from esoz.central import identity, people
from esoz.kernel.errors import rejected
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, wire
from .model import GRANT

operations = Operations()


@operations.add("post_auth_login", "POST /auth/login", public=True, api_key=False, floor_one=False)
async def log_in(call: Call) -> Reply:
    asked = call.body(identity.LoginBody).token
    return identity.session_reply(await _log_in(call, asked), asked.grant_type)


async def _log_in(call: Call, asked: identity.Login) -> identity.Issued:
    work, token_id = call.work, call.work.actor.token_id
    match asked.grant_type:
        case "authorize_2fa_access_token":
            return await identity.confirm_sign_in(work, token_id, str(asked.otp))
        case "refresh_2fa_access_token":
            return await identity.send_again(work, token_id)
    if asked.client_id is None:
        raise rejected("$.token.client_id", "required property client_id was not present", rule="required")
    match asked.grant_type:
        case "password":
            scope = asked.scope or identity.AUTHORIZE
            if scope != identity.AUTHORIZE:
                raise identity.errors.invalid_scope(scope)
            return await identity.log_in(work, asked.email, asked.password, asked.client_id)
        case "change_password":
            return await identity.log_in(work, asked.email, asked.password, asked.client_id, scope=asked.scope)
        case "digital_signature":
            return await commands.log_in(work, asked.client_id, asked.signed_content, may_be_new=False)
        case "pis_auth":
            return await commands.log_in(work, asked.client_id, asked.signed_content, may_be_new=True)
    raise identity.errors.UnsupportedGrant()


@operations.add("post_api_pis_sign-in", "POST /api/pis/sign-in", public=True)
async def sign_in(call: Call) -> Reply:
    issued = await commands.sign_in(call.work, call.body(wire.SignInBody).token)
    token = identity.token_as_published(issued.token, issued.value, grant_type=GRANT, refresh_token=issued.refresh)
    return Reply(token, 201)


@operations.add("post_api_pis_sign-up", "POST /api/pis/sign-up", public=True)
async def sign_up(call: Call) -> Reply:
    person, issued = await commands.sign_up(call.work, call.body(wire.SignedBody))
    token = identity.token_as_published(issued.token, issued.value, grant_type=GRANT, refresh_token=issued.refresh)
    methods = await people.authentication_methods(call.work.db, person.id)
    return Reply(wire.signed_up(person, methods, issued.token.user_id) | {"token": token}, 201)


@operations.add("post_api_pis_confidant_sign-in", "POST /api/pis/confidant/sign-in", public=True)
async def sign_in_for(call: Call) -> Reply:
    applicant_id, issued = await commands.sign_in_for(call.work, call.body(wire.SignedBody))
    token = identity.token_as_published(issued.token, issued.value, grant_type=GRANT, refresh_token=issued.refresh)
    return Reply(wire.for_another(token, applicant_id), 201)
