"""Operations of signing in: POST /auth/login for workers and patients, and patients at their cabinets.

Those of trusted cabinets answer with tokens at once. The others are the steps of central's own pages
(esoz.central.site) for cabinets that redirect: read what was signed, carry it out, give a session for the consent.
"""

from typing import Any
from uuid import UUID

from esoz.central import identity, people
from esoz.kernel.errors import rejected
from esoz.kernel.operation import Call, Operations, Reply
from esoz.kernel.work import Work

from . import queries, wire
from .commands import confidant, sign_in, sign_up
from .commands.signing import actor_person
from .model import GRANT, SignedRequest

operations = Operations()
GRANTS = frozenset({GRANT, "pis-auth"})  # the publication spells it in both ways


@operations.add("post_auth_login", "POST /auth/login", public=True, api_key=False, schema_validation=False)
async def log_in(call: Call) -> Reply:
    request = call.body(identity.LoginBody).token
    return identity.session_reply(await _log_in(call, request), request.grant_type)


async def _log_in(call: Call, request: identity.Login) -> identity.IssuedToken:
    work, token_id = call.work, call.work.actor.token_id
    match request.grant_type:
        case "authorize_2fa_access_token":
            return await identity.confirm_sign_in(work, token_id, str(request.otp))
        case "refresh_2fa_access_token":
            return await identity.send_again(work, token_id)
    if request.client_id is None:
        raise rejected("$.token.client_id", "required property client_id was not present", rule="required")
    match request.grant_type:
        case "password":
            scope = request.scope or identity.AUTHORIZE
            if scope != identity.AUTHORIZE:
                raise identity.errors.invalid_scope(scope)
            await _must_be_no_program(call, request)
            return await identity.log_in(work, request.email, request.password, request.client_id)
        case "change_password":
            return await identity.log_in(work, request.email, request.password, request.client_id, scope=request.scope)
        case "digital_signature":
            return await sign_in.log_in(work, request.client_id, request.signed_content, may_be_new=False)
        case "pis_auth":
            return await sign_in.log_in(work, request.client_id, request.signed_content, may_be_new=True)
    raise identity.errors.UnsupportedGrant()


async def _must_be_no_program(call: Call, request: identity.Login) -> None:
    """AUTH-1: a captcha token that is sent must be a good one. Its absence is no fault here: a MIS has one address."""
    if request.captcha and not await identity.captcha.proof_of_work(call.work, request.captcha):
        raise identity.errors.CaptchaNeeded()


@operations.add("post_api_pis_sign-in", "POST /api/pis/sign-in", public=True)
async def sign_in_trusted(call: Call) -> Reply:
    issued = await sign_in.sign_in(call.work, call.body(wire.SignInBody).token)
    return Reply(_token(issued, GRANT), 201)


@operations.add("post_api_pis_sign-up", "POST /api/pis/sign-up", public=True)
async def sign_up_trusted(call: Call) -> Reply:
    person, issued = await sign_up.sign_up(call.work, call.body(SignedRequest))
    return Reply(await _signed_up(call.work, person, issued) | {"token": _token(issued, GRANT)}, 201)


@operations.add("post_api_pis_confidant_sign-in", "POST /api/pis/confidant/sign-in", public=True)
async def sign_in_for(call: Call) -> Reply:
    applicant_id, issued = await confidant.sign_in_for(call.work, call.body(SignedRequest))
    return Reply(wire.for_another(_token(issued, GRANT), applicant_id), 201)


@operations.add("post_api_pis_confidant_sign-up", "POST /api/pis/confidant/sign-up", public=True)
async def sign_up_for(call: Call) -> Reply:
    person, applicant_id, issued = await confidant.sign_up_for(call.work, call.body(SignedRequest))
    token = wire.for_another(_token(issued, GRANT), applicant_id)
    return Reply(await _signed_up(call.work, person, issued) | {"token": token}, 201)


@operations.add("post_api_pis_sign-up_validation", "POST /api/pis/sign-up_validation", public=True, api_key=False)
async def check_sign_up(call: Call) -> Reply:
    found = await sign_up.check_sign_up(call.work, call.body(wire.CheckBody).signed_content)
    return Reply({"person": wire.registration(found.details), "token": found.token})


@operations.add("post_api_pis_register", "POST /api/pis/register", public=True, api_key=False)
async def register(call: Call) -> Reply:
    request = call.body(wire.RegisterBody)
    token = call.headers.get("authorization", "").partition(" ")[2].strip()
    person, issued = await sign_up.register(call.work, request.signed_content, token, request.otp)
    return Reply(await _signed_up(call.work, person, issued) | _session(issued), 201)


@operations.add("post_api_pis_confidant_login", "POST /api/pis/confidant/login", scope="", api_key=False)
async def log_in_for(call: Call) -> Reply:
    request = call.body(wire.LogInForBody)
    if request.grant_type not in GRANTS:
        raise identity.errors.UnsupportedGrant()
    if request.scope != identity.AUTHORIZE:
        raise identity.errors.invalid_scope(request.scope)
    ward, applicant_id, issued = await confidant.log_in_for(call.work, request.client_id, request.signed_content)
    user = {"user": wire.user(ward, issued.token.user_id)}
    return Reply(user | _session(issued, applicant_id), 201)


@operations.add(
    "post_api_pis_confidant_sign-up_validation", "POST /api/pis/confidant/sign-up_validation", scope="", api_key=False
)
async def check_sign_up_for(call: Call) -> Reply:
    applicant, client_id = await actor_person(call.work), call.work.actor.client_id
    assert client_id is not None  # of every access token
    found = await confidant.check_sign_up_for(call.work, client_id, call.body(wire.CheckBody).signed_content)
    return Reply({"person": wire.registration_for(found.details, applicant), "token": found.token})


@operations.add("post_api_pis_confidant_register", "POST /api/pis/confidant/register", scope="", api_key=False)
async def register_for(call: Call) -> Reply:
    request = call.body(wire.RegisterForBody)
    person, applicant_id, issued = await confidant.register_for(call.work, request.signed_content, request.jwt)
    methods = await people.authentication_methods(call.work.db, person.id)
    speakers = await people.confidants(call.work.db, person.id, call.work.today)
    speaks = next(each for each in speakers if each.person.id == applicant_id)
    answer = wire.signed_up_for(person, methods, speaks, issued.token.user_id)
    return Reply(answer | _session(issued, applicant_id), 201)


@operations.add("get_api_profile", "GET /api/profile", scope="")
async def profile(call: Call) -> Reply:
    return Reply(wire.profile(await queries.profile(call.work)))


def _token(issued: identity.IssuedToken, grant: str) -> dict[str, Any]:
    return identity.token_as_published(issued.token, issued.value, grant_type=grant, refresh_token=issued.refresh)


def _session(issued: identity.IssuedToken, applicant_id: UUID | None = None) -> dict[str, Any]:
    """A session under both of its published names."""
    token = _token(issued, GRANT)
    shown = token if applicant_id is None else wire.for_another(token, applicant_id)
    return {"access_token": issued.value, "token": shown}


async def _signed_up(work: Work, person: people.Person, issued: identity.IssuedToken) -> dict[str, Any]:
    methods = await people.authentication_methods(work.db, person.id)
    return wire.signed_up(person, methods, issued.token.user_id)
