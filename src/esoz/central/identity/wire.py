"""Requests and answers of sign-in and OAuth, spelled as published."""

from typing import Any
from uuid import UUID

import msgspec

from .model import Token, User


class Login(msgspec.Struct, frozen=True):
    """Body of POST /auth/login, inside `token`."""

    grant_type: str
    client_id: UUID
    scope: str = ""
    email: str = ""
    password: str = ""


class LoginBody(msgspec.Struct, frozen=True):
    token: Login


class App(msgspec.Struct, frozen=True):
    """Body of POST /oauth/apps/authorize, inside `app`."""

    client_id: UUID
    redirect_uri: str
    scope: str


class AppBody(msgspec.Struct, frozen=True):
    app: App


class Exchange(msgspec.Struct, frozen=True):
    """Body of POST /oauth/tokens, inside `token`."""

    grant_type: str
    client_id: UUID
    client_secret: str
    code: str = ""
    redirect_uri: str = ""
    refresh_token: str = ""
    scope: str = ""


class ExchangeBody(msgspec.Struct, frozen=True):
    token: Exchange


class NonceBody(msgspec.Struct, frozen=True):
    client_id: UUID
    client_secret: str | None = None


def token(stored: Token, value: str, *, grant_type: str, refresh_token: str | None = None) -> dict[str, Any]:
    """A token as its bearer gets it; `name` of a session is the published access_token."""
    details: dict[str, Any] = {
        "scope": " ".join(sorted(stored.scopes)),
        "client_id": stored.client_id,
        "grant_type": grant_type,
    }
    if refresh_token is not None:
        details["refresh_token"] = refresh_token
    if stored.app_id is not None:
        details["app_id"] = stored.app_id
    if stored.redirect_uri is not None:
        details["redirect_uri"] = stored.redirect_uri
    name = "access_token" if stored.name == "session_token" else str(stored.name)
    return {
        "id": stored.id,
        "name": name,
        "value": value,
        "user_id": stored.user_id,
        "expires_at": int(stored.expires_at.timestamp()),
        "details": details,
    }


def code(stored: Token, value: str) -> dict[str, Any]:
    """An authorisation code as published."""
    answer = token(stored, value, grant_type="password")
    answer["details"]["scope_request"] = answer["details"].pop("scope")
    return answer


def user(found: User) -> dict[str, Any]:
    return {
        "id": found.id,
        "email": found.email,
        "is_blocked": found.is_blocked,
        "block_reason": None,
        "person_id": found.person_id,
        "tax_id": found.tax_id,
        "settings": {},
        "inserted_at": found.inserted_at,
        "updated_at": found.inserted_at,
    }
