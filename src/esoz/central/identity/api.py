"""Operations of OAuth: consent, tokens, nonces, the own user, second factor, passwords, what was allowed, roles.

POST /auth/login stands with the patients' sign-in (esoz.central.pis): its grants need both.
"""

from uuid import UUID

from esoz.kernel.db import Page
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .commands import factors, grants, passwords, registry, renewals, sign_in
from .commands.sign_in import IssuedToken
from .errors import UnsupportedGrant
from .model import AUTHORIZE, CHANGE_PASSWORD, Event
from .policy import answer_address
from .secrets import must_be_challenge

operations = Operations()
REMINDER = "The password should be changed"  # public documentation of the ЕСОЗ, page 583416579


def session_reply(issued: IssuedToken, grant_type: str) -> Reply:
    """The answer of a sign-in: a token, and what to do with it."""
    data = wire.token(issued.token, issued.value, grant_type=grant_type, refresh_token=issued.refresh)
    urgent: dict[str, object] = {"next_step": str(issued.next_step)}
    if issued.days_left is not None:
        urgent["password_reminder"] = REMINDER
    return Reply(data | {"next_step": str(issued.next_step)}, 201, urgent=urgent)


@operations.add("API-009-068-0004", "POST /auth/logout", scope="", api_key=False)
async def log_out(call: Call) -> Reply:
    await sign_in.log_out(call.work)
    return Reply({})


@operations.add("post_oauth_apps_authorize", "POST /oauth/apps/authorize", scope=AUTHORIZE)
async def authorize(call: Call) -> Reply:
    body = call.body(wire.AppBody).app
    user_id = call.work.actor.user_id
    if user_id is None:
        raise NotFound()
    challenge = must_be_challenge(body.code_challenge, body.code_challenge_method)
    issued = await grants.authorize(
        call.work, user_id, body.client_id, body.redirect_uri, body.scope, challenge=challenge
    )
    address = answer_address(body.redirect_uri, code=issued.value)
    return Reply(
        wire.code(issued.token, issued.value), 201, urgent={"redirect_uri": address}, headers={"Location": address}
    )


@operations.add("API-009-068-0002", "POST /oauth/tokens", public=True, api_key=False, schema_validation=False)
async def exchange(call: Call) -> Reply:
    body = call.body(wire.ExchangeBody).token
    match body.grant_type:
        case "authorization_code":
            issued = await grants.exchange_code(
                call.work,
                body.client_id,
                body.client_secret,
                body.code,
                body.redirect_uri,
                verifier=body.code_verifier,
            )
        case "refresh_token":
            issued = await renewals.refresh(call.work, body.client_id, body.client_secret, body.refresh_token)
        case _:
            raise UnsupportedGrant()
    data = wire.token(issued.token, issued.value, grant_type=body.grant_type, refresh_token=issued.refresh)
    return Reply(data, 201)


@operations.add("post_oauth_nonce", "POST /oauth/nonce", public=True, api_key=False)
async def nonce(call: Call) -> Reply:
    body = call.body(wire.NonceBody)
    return Reply({"token": await queries.nonce(call.work, body.client_id, body.client_secret)})


@operations.add("API-009-067-0001", "GET /oauth/nonce", public=True, api_key=False)
async def nonce_by_get(call: Call) -> Reply:
    query = call.query(wire.NonceBody)
    return Reply({"token": await queries.nonce(call.work, query.client_id, query.client_secret)})


@operations.add("get_oauth_user", "GET /oauth/user", scope="")
async def user(call: Call) -> Reply:
    return Reply(wire.user(await queries.me(call.work)))


@operations.add(
    "post_oauth_users_actions_update_password",
    "POST /oauth/users/actions/update_password",
    scope=CHANGE_PASSWORD,
    api_key=False,
)
async def update_password(call: Call) -> Reply:
    body = call.body(wire.PasswordsBody).user
    await passwords.change_own_password(call.work, body.current_password, body.password)
    return Reply(wire.user(await queries.me(call.work)))


@operations.add(
    "post_oauth_users_actions_init_factor", "POST /oauth/users/actions/init_factor", scope="", api_key=False
)
async def init_factor(call: Call) -> Reply:
    body = call.body(wire.FactorBody)
    if body.type != "SMS":
        raise rejected("$.type", "value is not allowed in enum", rule="inclusion", params=["SMS"])
    await factors.init_factor(call.work, call.work.actor.token_id, body.factor)
    return Reply({"type": body.type, "factor": body.factor}, urgent={"next_step": "REQUEST_OTP"})


@operations.add(
    "post_oauth_users_actions_approve_factor", "POST /oauth/users/actions/approve_factor", scope="", api_key=False
)
async def approve_factor(call: Call) -> Reply:
    issued = await factors.approve_factor(call.work, call.work.actor.token_id, str(call.body(wire.CodeBody).otp))
    return session_reply(issued, "authorize_2fa_access_token") if issued else Reply({"type": "SMS"})


@operations.add("get_api_pis_apps", "GET /api/pis/apps", scope="")
async def apps(call: Call) -> Reply:
    query = call.query(wire.AppsQuery)
    page = call.page()
    found, paged = await queries.apps(
        call.work,
        Page(query.page_number or page.number, page.size),
        client_ids=_ids(query.client_ids),
        client_names=_words(query.client_names),
    )
    return Reply([wire.app(each) for each in found], paging=Paging.of(paged))


@operations.add("get_api_pis_apps_ID", "GET /api/pis/apps/{id}", scope="")
async def app(call: Call) -> Reply:
    return Reply(wire.app(await queries.app(call.work, call.id("id"))))


@operations.add("delete_api_pis_apps_ID", "DELETE /api/pis/apps/{id}", scope="")
async def delete_app(call: Call) -> Reply:
    await grants.delete_app(call.work, call.id("id"))
    return Reply(None, 204)


@operations.add("API-009-007-0001", "GET /api/clients", scope="client:read")
async def clients(call: Call) -> Reply:
    found, paged = await queries.clients(call.work, call.page())
    return Reply([wire.client(each) for each in found], paging=Paging.of(paged))


@operations.add("API-009-007-0002", "GET /api/clients/{id}", scope="client:read")
async def client(call: Call) -> Reply:
    return Reply(wire.client_details(await queries.client(call.work, call.id("id"))))


@operations.add("API-009-011-0001", "GET /api/clients/{id}/connections", scope="connection:read")
async def connections(call: Call) -> Reply:
    found, paged = await queries.connections(call.work, call.id("id"), call.page())
    return Reply([wire.connection(each) for each in found], paging=Paging.of(paged))


@operations.add("API-009-011-0002", "GET /api/clients/{id}/connections/{connection_id}", scope="connection:read")
async def connection(call: Call) -> Reply:
    return Reply(wire.connection(await queries.connection(call.work, call.id("id"), call.id("connection_id"))))


@operations.add("API-009-011-0003", "PATCH /api/clients/{id}/connections/{connection_id}", scope="connection:write")
async def update_connection(call: Call) -> Reply:
    body = call.body(wire.RedirectBody)
    changed = await registry.redirect_elsewhere(call.work, call.id("id"), call.id("connection_id"), body.redirect_uri)
    return Reply(wire.connection(changed))


@operations.add(
    "API-009-067-0002",
    "PATCH /api/clients/{id}/connections/{connection_id}/actions/refresh_secret",
    scope="connection:refresh_secret",
)
async def refresh_secret(call: Call) -> Reply:
    changed, secret = await registry.refresh_secret(call.work, call.id("id"), call.id("connection_id"))
    return Reply(wire.connection(changed, secret))


@operations.add("API-009-011-0005", "DELETE /api/clients/{id}/connections/{connection_id}", scope="connection:delete")
async def delete_connection(call: Call) -> Reply:
    await registry.disconnect(call.work, call.id("id"), call.id("connection_id"))
    return Reply({})


@operations.add("get_admin_roles", "GET /admin/roles", scope="role:read", event=Event.ROLES_READ)
async def roles(call: Call) -> Reply:
    names, page = queries.role_names(call.query(wire.RolesQuery).name), call.page()
    shown = names[page.offset : page.offset + page.size]
    pages = max(1, -(-len(names) // page.size))
    return Reply([wire.role(name) for name in shown], paging=Paging(page.number, page.size, len(names), pages))


@operations.add("get_admin_roles_ID", "GET /admin/roles/{id}", scope="role:read", event=Event.ROLES_READ)
async def role(call: Call) -> Reply:
    found = next((name for name in queries.role_names(None) if wire.role_id(name) == call.id("id")), None)
    if found is None:
        raise NotFound()
    return Reply(wire.role(found))


def _ids(text: str | None) -> list[UUID] | None:
    try:
        return [UUID(each) for each in _words(text) or ()] if text else None
    except ValueError as fault:
        raise rejected("$.client_ids", "expected a list of uuid", rule="format") from fault


def _words(text: str | None) -> list[str] | None:
    return [each.strip() for each in text.split(",") if each.strip()] if text else None
