"""Coming in: passwords, consent, codes, tokens; and making users, clients and brokers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from esoz.kernel.errors import Forbidden, NotFound, Rejected, rejected
from esoz.kernel.passwords import Passwords
from esoz.kernel.work import Work
from esoz.spec.roles import client_type_scopes, role_scopes
from esoz.spec.roles import roles as known_roles

from . import store
from .errors import (
    ClientBlocked,
    InvalidClient,
    InvalidCredentials,
    InvalidGrant,
    JWTInvalid,
    LoginsExhausted,
    PasswordExpired,
    UserBlocked,
    invalid_scope,
)
from .model import (
    ACCESS_LIFE,
    AUTHORIZE,
    CODE_LIFE,
    REFRESH_LIFE,
    SESSION_LIFE,
    Client,
    Connection,
    Event,
    Token,
    TokenName,
    User,
    after_failure,
    digest,
    granted,
    is_locked,
    password_expired,
    redirect_allowed,
)
from .secrets import new_value

passwords = Passwords()


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and the value that only its bearer will know."""

    token: Token
    value: str
    refresh: str | None = None


async def log_in(work: Work, email: str, password: str, client_id: UUID) -> Issued:
    """Sign in by password, in the order of AUTH-1. Raises the refusals of errors.py."""
    client = await _must_be_client(work, client_id)
    user = await store.user_by_email(work.db, email.strip())
    if user is not None and user.is_blocked:
        raise UserBlocked()
    if user is not None and is_locked(user.failed_logins, work.now):
        raise LoginsExhausted()
    if not await passwords.matches(user.password_hash if user else None, password) or user is None:
        if user is not None:
            await store.save_failures(work.db, user.id, after_failure(user.failed_logins, work.now))
            work.record(Event.LOGIN_REFUSED, user.id)
        raise InvalidCredentials()
    if password_expired(user.password_set_at, work.now):
        raise PasswordExpired()
    if user.failed_logins:
        await store.save_failures(work.db, user.id, [])  # AUTH-6
    work.record(Event.LOGGED_IN, user.id)
    return await _issue(work, TokenName.SESSION, user.id, client.id, frozenset({AUTHORIZE}), life=SESSION_LIFE)


async def authorize(work: Work, user_id: UUID, client_id: UUID, redirect_uri: str, scope: str) -> Issued:
    """Record the consent of a user and issue a code, in the order of AUTH-28."""
    client = await _must_be_client(work, client_id)
    user = await store.user_by_id(work.db, user_id)
    if user is None or user.is_blocked:
        raise UserBlocked()
    await must_be_registered(work, client.id, redirect_uri)
    scopes = await grantable(work, user.id, client, scope)
    app = await store.save_app(
        work.db, id=work.new_id(), user_id=user.id, client_id=client.id, scopes=scopes, at=work.now
    )
    work.record(Event.AUTHORIZED, app["id"])
    return await _issue(
        work, TokenName.CODE, user.id, client.id, scopes, life=CODE_LIFE, app_id=app["id"], redirect_uri=redirect_uri
    )


async def must_be_registered(work: Work, client_id: UUID, redirect_uri: str) -> None:
    """Raise unless the address belongs to a connection of the client (AUTH-28)."""
    found = await store.connections(work.db, client_id)
    if not any(redirect_allowed(redirect_uri, connection.redirect_uri) for connection in found):
        raise rejected("$.app.redirect_uri", "The redirection URI provided does not match a pre-registered value.")


async def grantable(work: Work, user_id: UUID, client: Client, scope: str) -> frozenset[str]:
    """The scopes asked for, when the user may have all of them at this client; raise otherwise (AUTH-28)."""
    asked = frozenset(scope.split())
    if not asked:
        raise rejected("$.app.scope", "Requested scope is empty. Scope not passed or user has no roles.")
    roles = await store.roles(work.db, user_id, client.id)
    if not roles:
        raise Forbidden("User has no role at this client.")
    owned = frozenset[str]().union(*(role_scopes(role) for role in roles))
    allowed, missing = granted(asked, client_type=client_type_scopes(client.type), roles=owned)
    if missing:
        raise invalid_scope(" ".join(sorted(missing)))
    return allowed


async def exchange_code(work: Work, client_id: UUID, secret: str, code: str, redirect_uri: str) -> Issued:
    """A code for an access and a refresh token (AUTH-25)."""
    await must_know_secret(work, client_id, secret)
    token = await store.token(work.db, digest(code), TokenName.CODE)
    if token is None or token.client_id != client_id:
        raise InvalidGrant("Token not found.")
    if token.used_at is not None:
        raise InvalidGrant("Token has already been used.")
    if token.expires_at <= work.now:
        raise InvalidGrant("Token expired.")
    if token.redirect_uri != redirect_uri:
        raise InvalidGrant("The redirection URI provided does not match a pre-registered value.")
    if token.app_id is None:
        raise InvalidGrant("Resource owner revoked access for the client.")
    await store.mark_used(work.db, token.id, work.now)
    return await issue_access(
        work, token.user_id, client_id, token.scopes, token.app_id, redirect_uri=token.redirect_uri
    )


async def refresh(work: Work, client_id: UUID, secret: str, value: str) -> Issued:
    """A refresh token for a new pair; its scope is what the user consents to now (AUTH-26)."""
    await must_know_secret(work, client_id, secret)
    token = await store.token(work.db, digest(value), TokenName.REFRESH)
    if token is None or token.client_id != client_id or token.expires_at <= work.now or token.used_at:
        raise InvalidGrant()
    app = await store.app(work.db, token.user_id, client_id)
    if app is None:
        raise InvalidGrant("Resource owner revoked access for the client.")
    await store.mark_used(work.db, token.id, work.now)
    return await issue_access(work, token.user_id, client_id, frozenset(app["scopes"]), app["id"])


async def issue_access(
    work: Work,
    user_id: UUID,
    client_id: UUID,
    scopes: frozenset[str],
    app_id: UUID | None,
    *,
    redirect_uri: str | None = None,
) -> Issued:
    """An access token with its refresh token; earlier ones of this user at this client end (AUTH-24)."""
    await store.expire_tokens(work.db, user_id, client_id, (TokenName.ACCESS, TokenName.REFRESH), work.now)
    access = await _issue(
        work, TokenName.ACCESS, user_id, client_id, scopes, life=ACCESS_LIFE, app_id=app_id, redirect_uri=redirect_uri
    )
    renewal = await _issue(work, TokenName.REFRESH, user_id, client_id, scopes, life=REFRESH_LIFE, app_id=app_id)
    work.record(Event.TOKEN_ISSUED, access.token.id)
    return Issued(access.token, access.value, renewal.value)


async def use_nonce(work: Work, nonce: UUID) -> None:
    """Let a nonce open one session only; raise JWTInvalid the second time."""
    if not await store.use_nonce(work.db, nonce, work.now):
        raise JWTInvalid()


async def log_out(work: Work) -> None:
    """End the caller's tokens at this client."""
    actor = work.actor
    if actor.user_id is None:
        raise NotFound()
    names = (TokenName.ACCESS, TokenName.REFRESH, TokenName.SESSION)
    await store.expire_tokens(work.db, actor.user_id, actor.client_id, names, work.now)
    work.record(Event.LOGGED_OUT, actor.user_id)


async def must_know_secret(work: Work, client_id: UUID, secret: str) -> Client:
    """The client, when the secret is of one of its connections; raise InvalidClient otherwise."""
    client = await _must_be_client(work, client_id)
    if digest(secret) not in {connection.secret_hash for connection in await store.connections(work.db, client.id)}:
        raise InvalidClient()
    return client


async def create_user(
    work: Work,
    *,
    email: str | None,
    password: str | None,
    tax_id: str | None = None,
    person_id: UUID | None = None,
    id: UUID | None = None,
) -> User:
    """Make a user; a patient's has neither e-mail nor password, for they come in with their КЕП."""
    hashed = await passwords.hash(password) if password else None
    user = User(
        id or work.new_id(),
        email.strip().lower() if email else None,
        hashed,
        work.now if password else None,
        tax_id,
        person_id,
        False,
        (),
        work.now,
    )
    await store.insert_user(work.db, user)
    work.record(Event.USER_CREATED, user.id)
    return user


async def give_role(work: Work, user_id: UUID, client_id: UUID, role: str) -> None:
    """Let the user act in this role at this client (AUTH-38)."""
    if role not in known_roles():
        raise Rejected(f"Unknown role {role}")
    await store.add_role(work.db, user_id, client_id, role, work.now)


async def create_client(work: Work, *, id: UUID, name: str, type: str) -> Client:
    """Make the OAuth client of a legal entity (the same id, AUTH-35) or of a cabinet."""
    client = Client(id, name, type, False)
    await store.insert_client(work.db, client, work.now)
    work.record(Event.CLIENT_CREATED, id)
    return client


async def create_broker(
    work: Work, *, name: str, kind: str, api_key: str, scopes: Iterable[str] | None = None, id: UUID | None = None
) -> UUID:
    """Register a vendor (`MIS` or `PIS`) with its API-key."""
    broker_id = id or work.new_id()
    await store.insert_broker(
        work.db, id=broker_id, name=name, kind=kind, key_hash=digest(api_key), scopes=scopes, at=work.now
    )
    work.record(Event.BROKER_CREATED, broker_id)
    return broker_id


async def connect(work: Work, *, client_id: UUID, broker_id: UUID, redirect_uri: str, secret: str | None = None) -> str:
    """Connect a client with a broker and return the secret, told this one time only (AUTH-31)."""
    value = secret or new_value(work.gear.random)
    connection = Connection(work.new_id(), client_id, broker_id, redirect_uri, digest(value))
    await store.insert_connection(work.db, connection, work.now)
    return value


async def _must_be_client(work: Work, client_id: UUID) -> Client:
    client = await store.client(work.db, client_id)
    if client is None:
        raise InvalidClient()
    if client.is_blocked:
        raise ClientBlocked()
    return client


async def _issue(
    work: Work,
    name: TokenName,
    user_id: UUID,
    client_id: UUID,
    scopes: frozenset[str],
    *,
    life: timedelta,
    app_id: UUID | None = None,
    redirect_uri: str | None = None,
) -> Issued:
    value = new_value(work.gear.random)
    token = Token(work.new_id(), name, user_id, client_id, app_id, scopes, redirect_uri, None, work.now + life)
    await store.insert_token(work.db, token, digest(value), work.now)
    return Issued(token, value)
