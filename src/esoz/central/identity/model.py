"""Users, clients, brokers and tokens: what they are and the rules of signing in."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.kernel.guessable import is_common
from esoz.kernel.settings import Settings

CODE_LIFE = timedelta(minutes=5)  # AUTH-23
SESSION_LIFE = timedelta(minutes=30)
ACCESS_LIFE = timedelta(days=30)  # AUTH-23
REFRESH_LIFE = timedelta(days=37)  # longer than the access token, or it could never serve (divergences.md)
NONCE_LIFE = timedelta(minutes=15)  # AUTH-34
RESET_LIFE = timedelta(seconds=1500)  # AUTH-39
TOKENS_KEPT = timedelta(days=30)  # AUTH-33
AUTHORIZE = "app:authorize"
CHANGE_PASSWORD = "user:change_password"
# Roles of central itself: not published, and without a scope of the API.
ADMINISTRATOR = "ADMINISTRATOR"
CONTACT_CENTRE = "CONTACT_CENTRE"  # an operator who helps patients
PATIENT = "PATIENT"
PATIENT_TYPES = frozenset({"PIS", "TRUSTED_PIS", "CABINET"})
EVERY_CLIENT_TYPES = frozenset({"MITHRIL_ADMIN"})  # sees all clients (blueprint "general": clients)

PASSWORD_LENGTH = 12  # AUTH-10
PASSWORD_MOST = 256  # argon2 would take any length; an honest password is shorter
GUESSABLE = "This password is too easy to guess"  # our own: ASVS 5.0, 6.2.4 and 6.2.11
PASSWORDS_REMEMBERED = 3  # AUTH-11
REMINDERS = (14, 7, 3, 1)  # decision 11: days before the end of the term
PHONE = re.compile(r"\+380[0-9]{9}")  # AUTH-15
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

CODE_DIGITS = 6  # AUTH-17
SMS_CODE_LIFE = timedelta(seconds=300)  # AUTH-17
CODE_ATTEMPTS = 3  # AUTH-17
CODE_SENDS = 3  # AUTH-18
CODE_SENDS_WINDOW = timedelta(minutes=1)  # AUTH-18
MOST_WRONG_CODES = 3  # AUTH-19: in a row, across codes


class Event(StrEnum):
    LOGGED_IN = "session.started"
    LOGIN_REFUSED = "session.refused"
    LOGGED_OUT = "session.ended"
    CODE_SENT = "sign_in_code.sent"
    CODE_REFUSED = "sign_in_code.refused"
    FACTOR_ASKED = "authentication_factor.asked"
    FACTOR_SET = "authentication_factor.set"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_REMINDED = "password.reminded"
    RESET_ASKED = "password_reset.asked"
    AUTHORIZED = "app.authorized"
    APP_DELETED = "app.deleted"
    APP_READ = "app.read"
    TOKEN_ISSUED = "token.issued"
    TOKEN_REPEATED = "token.repeated"
    TOKENS_REVOKED = "token.revoked"
    NONCE_ISSUED = "nonce.issued"
    USER_READ = "user.read"
    USER_CREATED = "user.created"
    USER_BLOCKED = "user.blocked"
    USER_UNBLOCKED = "user.unblocked"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    ROLES_READ = "role.read"
    CLIENT_CREATED = "client.created"
    CLIENT_READ = "client.read"
    CLIENT_BLOCKED = "client.blocked"
    CLIENT_UNBLOCKED = "client.unblocked"
    CONNECTION_CREATED = "connection.created"
    CONNECTION_READ = "connection.read"
    CONNECTION_CHANGED = "connection.changed"
    CONNECTION_DELETED = "connection.deleted"
    SECRET_REFRESHED = "connection.secret_refreshed"
    BROKER_CREATED = "broker.created"
    BROKER_BLOCKED = "broker.blocked"
    BROKER_UNBLOCKED = "broker.unblocked"
    BROKER_KEYS_REFRESHED = "broker.keys_refreshed"


class TokenName(StrEnum):
    """Kinds of tokens; SESSION is an access token that may only authorise applications or change a password."""

    SESSION = "session_token"
    SECOND_FACTOR = "2fa_access_token"
    CODE = "authorization_code"
    ACCESS = "access_token"
    REFRESH = "refresh_token"


class NextStep(StrEnum):
    """What a client does after sign-in (published as `urgent.next_step`)."""

    OTP = "REQUEST_OTP"
    FACTOR = "REQUEST_FACTOR"
    APPS = "REQUEST_APPS"
    PASSWORD = "REQUEST_PASSWORD"  # our own: the session may change the password and nothing else


class Method(StrEnum):
    """How a user proved who they are: the term of a password does not bind those who sign."""

    PASSWORD = "password"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class SignInRules:
    """The numbers that an operator may change: decision 11, AUTH-3, AUTH-8."""

    failures: int = 3
    pause: timedelta = timedelta(minutes=10)
    term: timedelta | None = timedelta(days=90)

    @classmethod
    def of(cls, settings: Settings) -> "SignInRules":
        days = settings.number("ESOZ_PASSWORD_DAYS")
        pause = timedelta(minutes=settings.number("ESOZ_LOGIN_PAUSE_MINUTES"))
        return cls(settings.number("ESOZ_LOGIN_FAILURES"), pause, timedelta(days=days) if days else None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands after its wrong passwords: how many tries are left, or until when it is paused."""

    tries_left: int
    paused_until: datetime | None


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
    block_reason: str | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Factor:
    """The second factor of a user: an SMS to `factor`; None while no phone is set (AUTH-16)."""

    user_id: UUID
    type: str
    factor: str | None


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client: a legal entity (its id is the legal entity's), or a patient's cabinet."""

    id: UUID
    name: str
    type: str
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client as its own people see it; `user_id` is its owner."""

    id: UUID
    name: str
    type: str
    is_blocked: bool
    block_reason: str | None
    user_id: UUID | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """A client as it is served by one broker (MIS or PIS vendor)."""

    id: UUID
    client_id: UUID
    broker_id: UUID
    redirect_uri: str
    secret_hash: bytes | None  # None: a public client, an application on a person's device

    @property
    def is_public(self) -> bool:
        return self.secret_hash is None


@dataclass(frozen=True, slots=True)
class App:
    """What a user allows a client to do on their behalf."""

    id: UUID
    user_id: UUID
    applicant_user_id: UUID | None
    client_id: UUID
    client_name: str
    scopes: Sequence[str]
    inserted_at: datetime
    updated_at: datetime


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
    asked_scopes: frozenset[str] = frozenset()
    broker_id: UUID | None = None
    applicant_user_id: UUID | None = None
    method: Method = Method.PASSWORD
    code_challenge: str | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """What the gate asks about a token, its user and its client."""

    token_id: UUID
    name: TokenName
    user_id: UUID
    client_id: UUID | None
    scopes: frozenset[str]
    expires_at: datetime
    token_broker_id: UUID | None
    person_id: UUID | None
    user_blocked: bool
    client_type: str | None
    client_blocked: bool
    applicant_user_id: UUID | None  # who acts for the user
    applicant_person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the gate asks about the MIS whose API-key came along; a blocked one is none."""

    id: UUID
    scopes: frozenset[str] | None  # None: its kind is not limited
    psk_hash: bytes | None


class CodeStatus(StrEnum):
    NEW = "new"
    VERIFIED = "verified"
    CANCELED = "canceled"  # a newer one was sent, AUTH-20
    EXHAUSTED = "exhausted"


CODE_MOVES = {
    CodeStatus.NEW: frozenset({CodeStatus.VERIFIED, CodeStatus.CANCELED, CodeStatus.EXHAUSTED}),
    CodeStatus.VERIFIED: frozenset[CodeStatus](),
    CodeStatus.CANCELED: frozenset[CodeStatus](),
    CodeStatus.EXHAUSTED: frozenset[CodeStatus](),
}


@dataclass(frozen=True, slots=True)
class SignInCode:
    """A code that was sent for one token to one phone (AUTH-20)."""

    id: UUID
    user_id: UUID
    token_id: UUID
    factor: str
    code_hash: bytes
    status: CodeStatus
    attempts: int
    expires_at: datetime
    inserted_at: datetime


def digest(secret: str) -> bytes:
    """What is stored of a token, a secret or an API-key: they are random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def email_key(email: str) -> bytes:
    """The key under which wrong passwords of an address are counted: the address itself is not kept."""
    return digest(f"email:{email.strip().lower()}")


def recent(failures: Iterable[datetime], now: datetime, rules: SignInRules) -> list[datetime]:
    """AUTH-3: the failures inside the sliding window, no more of them than count."""
    return sorted(moment for moment in failures if moment > now - rules.pause)[-rules.failures - 1 :]


def standing(failures: Iterable[datetime], now: datetime, rules: SignInRules) -> Standing:
    """AUTH-3, decision 11: more than three failures inside the window close sign-in by password.

    AUTH-5: until the oldest of them leaves the window.
    """
    counted = recent(failures, now, rules)
    left = rules.failures + 1 - len(counted)
    return Standing(left, None) if left > 0 else Standing(0, counted[0] + rules.pause)


def password_expired(set_at: datetime | None, now: datetime, rules: SignInRules) -> bool:
    """AUTH-8: a password lives ninety days."""
    return set_at is None or (rules.term is not None and now - set_at >= rules.term)


def days_left(set_at: datetime, now: datetime, rules: SignInRules) -> int | None:
    """Whole days until the password expires; None when it never does."""
    return None if rules.term is None else max(0, (set_at + rules.term - now).days)


def reminder_due(left: int, last: int | None) -> int | None:
    """Decision 11: the reminder to send with so many days left, unless it or a later one was sent."""
    reached = [days for days in REMINDERS if left <= days]
    due = min(reached) if reached else None
    return due if due is not None and (last is None or due < last) else None


def password_faults(password: str, own: Iterable[str] = ()) -> list[str]:
    """AUTH-10: what a password lacks, in the published words; empty when it may be taken. `own`: the user's e-mail."""
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append(f"should be at least {PASSWORD_LENGTH} character(s)")
    if len(password) > PASSWORD_MOST:
        faults.append(f"should be at most {PASSWORD_MOST} character(s)")
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(kind(character) for character in password) for kind in kinds):
        faults.append("Password does not meet complexity requirements")
    elif is_common(password, own):
        faults.append(GUESSABLE)
    return faults


def is_email(text: str) -> bool:
    """Does this look like an address of e-mail."""
    return len(text) <= 254 and EMAIL.fullmatch(text.strip()) is not None and "\0" not in text


def is_phone(text: str) -> bool:
    """AUTH-15."""
    return PHONE.fullmatch(text) is not None
