"""Requests and answers of sign-in, OAuth and clients, spelled as published."""

from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec

from esoz.kernel.payload import omit_none
from esoz.spec.roles import role_scopes

from .model import App, ClientCard, Connection, Token, TokenName, User

NAMES = UUID("0f7e5bb0-6c5f-5b9a-9a43-5a9f6f3f3c11")  # ids of things that are known by name: types of clients, roles
Short = Annotated[str, msgspec.Meta(max_length=1000)]


class Login(msgspec.Struct, frozen=True):
    """Body of POST /auth/login, inside `token`; which fields count depends on the grant."""

    grant_type: str
    client_id: UUID | None = None
    scope: Short = ""
    email: Short = ""
    password: Short = ""
    otp: Annotated[str, msgspec.Meta(max_length=16)] | int = ""
    captcha: Short = ""
    signed_content: str = ""
    signed_content_encoding: str = "base64"


class LoginBody(msgspec.Struct, frozen=True):
    token: Login


class AppRequest(msgspec.Struct, frozen=True):
    """Body of POST /oauth/apps/authorize, inside `app`."""

    client_id: UUID
    redirect_uri: str
    scope: str
    code_challenge: Short = ""
    code_challenge_method: Short = ""


class AppBody(msgspec.Struct, frozen=True):
    app: AppRequest


class Exchange(msgspec.Struct, frozen=True):
    """Body of POST /oauth/tokens, inside `token`."""

    grant_type: str
    client_id: UUID
    client_secret: Short = ""  # of a public client
    code: Short = ""
    redirect_uri: str = ""
    refresh_token: Short = ""
    code_verifier: Short = ""
    scope: str = ""


class ExchangeBody(msgspec.Struct, frozen=True):
    token: Exchange


class NonceBody(msgspec.Struct, frozen=True):
    client_id: UUID
    client_secret: Short | None = None


class Passwords(msgspec.Struct, frozen=True):
    current_password: Short
    password: Short


class PasswordsBody(msgspec.Struct, frozen=True):
    """Body of POST /oauth/users/actions/update_password."""

    user: Passwords


class FactorBody(msgspec.Struct, frozen=True):
    """Body of POST /oauth/users/actions/init_factor."""

    factor: Short
    type: str = "SMS"


class CodeBody(msgspec.Struct, frozen=True):
    """Body of POST /oauth/users/actions/approve_factor."""

    otp: Annotated[str, msgspec.Meta(max_length=16)] | int


class RedirectBody(msgspec.Struct, frozen=True):
    redirect_uri: Annotated[str, msgspec.Meta(max_length=2000)]


class AppsQuery(msgspec.Struct, frozen=True):
    """Lists are written with commas, as the published examples of queries are.

    The page is called `page_number` here; `page`, as everywhere else, is taken as well.
    """

    client_ids: str | None = None
    client_names: str | None = None
    page_number: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class RolesQuery(msgspec.Struct, frozen=True):
    name: str | None = None


def token(stored: Token, value: str, *, grant_type: str, refresh_token: str | None = None) -> dict[str, Any]:
    """A token as its bearer gets it; `name` of a session is the published access_token."""
    details: dict[str, Any] = {
        "scope": " ".join(sorted(stored.scopes)),
        "client_id": stored.client_id,
        "grant_type": grant_type,
    }
    optional = {
        "refresh_token": refresh_token,
        "app_id": stored.app_id,
        "redirect_uri": stored.redirect_uri,
        "applicant_user_id": stored.applicant_user_id,
    }
    details |= {name: given for name, given in optional.items() if given is not None}
    return {
        "id": stored.id,
        "name": str(TokenName.ACCESS if stored.name is TokenName.SESSION else stored.name),
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
    return omit_none(
        id=found.id,
        email=found.email,
        is_blocked=found.is_blocked,
        block_reason=found.block_reason,
        person_id=found.person_id,
        tax_id=found.tax_id,
        settings={},
        inserted_at=found.inserted_at,
        updated_at=found.updated_at,
    )


def client(card: ClientCard) -> dict[str, Any]:
    """A client of a list."""
    return omit_none(
        id=card.id,
        name=card.name,
        settings={},
        user_id=card.user_id,
        client_type_id=uuid5(NAMES, f"client type {card.type}"),
        is_blocked=card.is_blocked,
        block_reason=card.block_reason,
        inserted_at=card.inserted_at,
        updated_at=card.updated_at,
    )


def client_details(card: ClientCard) -> dict[str, Any]:
    return client(card) | {"client_type_name": card.type}


def connection(found: Connection, secret: str | None = None) -> dict[str, Any]:
    """A connection; its secret only in the one answer that makes it."""
    shown = {
        "id": found.id,
        "client_id": found.client_id,
        "consumer_id": found.broker_id,
        "redirect_uri": found.redirect_uri,
    }
    return shown if secret is None else shown | {"secret": secret}


def app(found: App) -> dict[str, Any]:
    return {
        "id": found.id,
        "user_id": found.user_id,
        "applicant_user_id": found.applicant_user_id or found.user_id,
        "client_id": found.client_id,
        "client_name": found.client_name,
        "scope": " ".join(sorted(found.scopes)),
        "created_at": found.inserted_at,
        "updated_at": found.updated_at,
    }


def role(name: str) -> dict[str, Any]:
    return {"id": role_id(name), "name": name, "scope": " ".join(sorted(role_scopes(name)))}


def role_id(name: str) -> UUID:
    return uuid5(NAMES, f"role {name}")
