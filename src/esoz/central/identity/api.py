"""Operations of sign-in and OAuth."""

from urllib.parse import urlencode

from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, queries, wire
from .errors import UnsupportedGrant
from .model import AUTHORIZE

operations = Operations()


@operations.add("post_auth_login", "POST /auth/login", public=True, api_key=False, floor_one=False)
async def log_in(call: Call) -> Reply:
    asked = call.body(wire.LoginBody).token
    if asked.grant_type != "password":
        raise UnsupportedGrant()
    issued = await commands.log_in(call.work, asked.email, asked.password, asked.client_id)
    data = wire.token(issued.token, issued.value, grant_type="password")
    return Reply(data | {"next_step": "REQUEST_APPS"}, 201, urgent={"next_step": "REQUEST_APPS"})


@operations.add("API-009-068-0004", "POST /auth/logout", scope="", api_key=False)
async def log_out(call: Call) -> Reply:
    await commands.log_out(call.work)
    return Reply({})


@operations.add("post_oauth_apps_authorize", "POST /oauth/apps/authorize", scope=AUTHORIZE)
async def authorize(call: Call) -> Reply:
    asked = call.body(wire.AppBody).app
    user_id = call.work.actor.user_id
    if user_id is None:
        raise NotFound()
    issued = await commands.authorize(call.work, user_id, asked.client_id, asked.redirect_uri, asked.scope)
    address = f"{asked.redirect_uri}{'&' if '?' in asked.redirect_uri else '?'}{urlencode({'code': issued.value})}"
    return Reply(
        wire.code(issued.token, issued.value), 201, urgent={"redirect_uri": address}, headers={"Location": address}
    )


@operations.add("API-009-068-0002", "POST /oauth/tokens", public=True, api_key=False, floor_one=False)
async def exchange(call: Call) -> Reply:
    asked = call.body(wire.ExchangeBody).token
    match asked.grant_type:
        case "authorization_code":
            issued = await commands.exchange_code(
                call.work, asked.client_id, asked.client_secret, asked.code, asked.redirect_uri
            )
        case "refresh_token":
            issued = await commands.refresh(call.work, asked.client_id, asked.client_secret, asked.refresh_token)
        case _:
            raise UnsupportedGrant()
    data = wire.token(issued.token, issued.value, grant_type=asked.grant_type, refresh_token=issued.refresh)
    return Reply(data, 201)


@operations.add("post_oauth_nonce", "POST /oauth/nonce", public=True, api_key=False)
async def nonce(call: Call) -> Reply:
    asked = call.body(wire.NonceBody)
    return Reply({"token": await queries.nonce(call.work, asked.client_id, asked.client_secret)})


@operations.add("API-009-067-0001", "GET /oauth/nonce", public=True, api_key=False)
async def nonce_by_get(call: Call) -> Reply:
    asked = call.query(wire.NonceBody)
    return Reply({"token": await queries.nonce(call.work, asked.client_id, asked.client_secret)})


@operations.add("get_oauth_user", "GET /oauth/user", scope="user:read")
async def user(call: Call) -> Reply:
    return Reply(wire.user(await queries.me(call.work)))
