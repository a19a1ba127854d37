"""Users, clients, brokers and tokens: what they are and the rules of coming in."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MAX_FAILED_LOGINS = 3  # decision 13 and the state's own page of 2022-07-05: three wrong passwords are forgiven
FAILED_LOGINS_WINDOW = timedelta(minutes=10)  # AUTH-3
PASSWORD_TERM = timedelta(days=90)  # AUTH-8
CODE_LIFE = timedelta(minutes=5)  # AUTH-23
SESSION_LIFE = timedelta(minutes=30)
ACCESS_LIFE = timedelta(days=30)  # AUTH-23
REFRESH_LIFE = timedelta(days=37)  # longer than the access token, or it could never serve (divergences.md)
NONCE_LIFE = timedelta(minutes=15)  # AUTH-34
AUTHORIZE = "app:authorize"
PATIENT_TYPES = frozenset({"PIS", "TRUSTED_PIS", "CABINET"})


class Event(StrEnum):
    LOGGED_IN = "session.started"
    LOGIN_REFUSED = "session.refused"
    LOGGED_OUT = "session.ended"
    AUTHORIZED = "app.authorized"
    TOKEN_ISSUED = "token.issued"
    NONCE_ISSUED = "nonce.issued"
    USER_READ = "user.read"
    USER_CREATED = "user.created"
    CLIENT_CREATED = "client.created"
    BROKER_CREATED = "broker.created"


class TokenName(StrEnum):
    """Kinds of tokens; SESSION is an access token that may only authorise applications."""

    SESSION = "session_token"
    CODE = "authorization_code"
    ACCESS = "access_token"
    REFRESH = "refresh_token"


@dataclass(frozen=True, slots=True)
class User:
    """Someone who can sign in."""

    id: UUID
    email: str | None
    password_hash: str | None
    password_set_at: datetime | None
    tax_id: str | None
    person_id: UUID | None
    is_blocked: bool
    failed_logins: Sequence[datetime]
    inserted_at: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client: a legal entity (its id is the legal entity's), or a patient's cabinet."""

    id: UUID
    name: str
    type: str
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class Connection:
    """A client as it is served by one broker (MIS or PIS vendor)."""

    id: UUID
    client_id: UUID
    broker_id: UUID
    redirect_uri: str
    secret_hash: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is stored: its value is known to its bearer only."""

    id: UUID
    name: TokenName
    user_id: UUID
    client_id: UUID | None
    app_id: UUID | None
    scopes: frozenset[str]
    redirect_uri: str | None
    used_at: datetime | None
    expires_at: datetime


def digest(secret: str) -> bytes:
    """What is stored of a token, a secret or an API-key: they are random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def is_locked(failures: Iterable[datetime], now: datetime) -> bool:
    """AUTH-3, decision 13: more than three failures inside the window close sign-in by password."""
    return sum(moment > now - FAILED_LOGINS_WINDOW for moment in failures) > MAX_FAILED_LOGINS


def after_failure(failures: Iterable[datetime], now: datetime) -> list[datetime]:
    """The failures to remember: those inside the window and this one (AUTH-3)."""
    return [*(moment for moment in failures if moment > now - FAILED_LOGINS_WINDOW), now]


def password_expired(set_at: datetime | None, now: datetime) -> bool:
    """AUTH-8: a password lives ninety days."""
    return set_at is None or now - set_at >= PASSWORD_TERM


def redirect_allowed(asked: str, registered: str) -> bool:
    """AUTH-28: the registered address without its last slash, then nothing, a path or a query."""
    base = registered.rstrip("/")
    return asked.startswith(base) and asked[len(base) : len(base) + 1] in ("", "/", "?")


def granted(
    asked: frozenset[str], *, client_type: frozenset[str], roles: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """AUTH-28: what of the asked scopes may be granted, and what may not."""
    allowed = asked & client_type & roles
    return allowed, asked - allowed
