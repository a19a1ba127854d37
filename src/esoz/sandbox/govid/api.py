"""What sites call: the code becomes a token, the token tells of the person once, and is given up."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from esoz.kernel.states import move

from . import store
from .model import MOVES, TOKEN_TERM, Identification, State, asked_of
from .services import IdPage, IdPages

pages: IdPages = IdPages()

NOBODY = {"error": "invalid_client", "error_description": "client_id or client_secret"}
WRONG_CODE = {"error": "invalid_grant", "error_description": "code"}
WRONG_TOKEN = {"error": "invalid_token", "error_description": "access_token or user_id"}
IN_CLEAR = {"error": "invalid_request", "error_description": "cert: only data in the clear here"}


@pages.add("GET /get-access-token", machine=True)
@pages.add("POST /get-access-token", machine=True)
async def exchange(page: IdPage) -> Response:
    """A code opens once, for the site that asked, within its term."""
    asked = _asked(page)
    client = page.services.clients.get(asked.get("client_id", ""))
    given = asked.get("client_secret", "").encode()
    if client is None or not hmac.compare_digest(given, client.secret.encode()):
        return page.json(NOBODY)
    found = await store.by_secret(page.db, page.services.vault, asked.get("code", ""))
    is_code = asked.get("grant_type") == "authorization_code" and found is not None and found.client_id == client.id
    if found is None or not is_code or found.state is not State.CONSENTED or found.is_over(page.now):
        return page.json(WRONG_CODE)
    token = secrets.token_urlsafe(32)
    changed = replace(found, state=move(MOVES, found.state, State.TOLD), until=page.now + TOKEN_TERM)
    await store.change(page.db, page.services.vault, changed, token)
    seconds = str(int(TOKEN_TERM.total_seconds()))  # a text in the answers of the real one
    told = {"access_token": token, "refresh_token": secrets.token_urlsafe(32), "user_id": _user_id(found)}
    return page.json(told | {"token_type": "bearer", "expires_in": seconds})


@pages.add("GET /get-user-info", machine=True)
@pages.add("POST /get-user-info", machine=True)
async def tell(page: IdPage) -> Response:
    asked = _asked(page)
    if asked.get("cert"):
        return page.json(IN_CLEAR)
    found = await _of_token(page, asked)
    return page.json(WRONG_TOKEN if found is None else asked_of(found.told, asked.get("fields", "")))


@pages.add("GET /get-user-logout", machine=True)
@pages.add("POST /get-user-logout", machine=True)
async def give_up(page: IdPage) -> Response:
    found = await _of_token(page, _asked(page))
    if found is None:
        return page.json(WRONG_TOKEN)
    changed = replace(found, state=move(MOVES, found.state, State.ENDED), told={}, until=page.now)
    await store.change(page.db, page.services.vault, changed)
    return page.json({"error": "0", "error_description": f"user_id = {_user_id(found)}"})


async def _of_token(page: IdPage, asked: Mapping[str, str]) -> Identification | None:
    found = await store.by_secret(page.db, page.services.vault, asked.get("access_token", ""))
    is_good = found is not None and found.state is State.TOLD and not found.is_over(page.now)
    return found if found is not None and is_good and asked.get("user_id") == _user_id(found) else None


def _user_id(found: Identification) -> str:
    return found.id.hex


def _asked(page: IdPage) -> dict[str, str]:
    """Sites send fields in the address or in a form, as they like."""
    return {**page.query, **page.form.values()}
