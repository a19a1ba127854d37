"""Consent and tokens of the OAuth2 code grant."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.work import Work
from esoz.spec.roles import client_type_scopes, client_types, role_scopes
from esoz.spec.roles import roles as known_roles

from ..errors import (
    GrantReused,
    InvalidGrant,
    PasswordExpired,
    UserBlocked,
    invalid_scope,
)
from ..model import (
    ACCESS_LIFE,
    CODE_LIFE,
    PATIENT,
    PATIENT_TYPES,
    REFRESH_LIFE,
    Client,
    Event,
    Method,
    SignInRules,
    Token,
    TokenName,
    digest,
    password_expired,
)
from ..policy import granted, known_connection, must_be_client, redirect_allowed
from ..secrets import is_verified
from ..store import clients as clients_store
from ..store import tokens as tokens_store
from ..store import users as users_store
from .sign_in import IssuedToken, store_token

PAIR = (TokenName.ACCESS, TokenName.REFRESH)
TRUSTED_TYPES = frozenset({"TRUSTED_PIS", "CABINET"})  # AUTH-28: an empty scope is everything they may have
WRONG_REDIRECT = "The redirection URI provided does not match a pre-registered value."
WRONG_VERIFIER = "Code verifier does not match the code challenge."
REVOKED = "Resource owner revoked access for the client."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a token comes from: the address of its code, the vendor it was given through, how the user came in.

    `applicant_user_id`: who acts for the user of the token, when it is somebody else.
    """

    redirect_uri: str | None = None
    broker_id: UUID | None = None
    method: Method = Method.PASSWORD
    applicant_user_id: UUID | None = None


NOWHERE = Origin()


async def authorize(
    work: Work,
    user_id: UUID,
    client_id: UUID,
    redirect_uri: str,
    scope: str,
    *,
    origin: Origin | None = None,
    challenge: str | None = None,
) -> IssuedToken:
    """Record the consent of a user and issue a code, in the order of AUTH-28.

    `origin`: how the user proved themselves, and who acts for them; None = as the session token of this call says.
    `challenge`: what the client has to know the origin of when it brings the code (PKCE).
    """
    client = await must_be_client(work, client_id)
    user = await users_store.lock_user(work.db, user_id)
    if user is None or user.is_blocked:
        raise UserBlocked()
    await must_be_registered(work, client.id, redirect_uri, challenge)
    scopes = await grantable(work, user.id, client, scope)
    origin = origin or await _origin_of_session(work)
    app_id = await save_consent(work, user.id, client.id, scopes, origin)
    work.record(Event.AUTHORIZED, app_id)
    token = Token(
        work.new_id(),
        TokenName.CODE,
        user.id,
        client.id,
        app_id,
        scopes,
        redirect_uri,
        None,
        work.now + CODE_LIFE,
        applicant_user_id=origin.applicant_user_id,
        method=origin.method,
        code_challenge=challenge,
    )
    return await store_token(work, token)


async def save_consent(
    work: Work, user_id: UUID, client_id: UUID, scopes: frozenset[str], origin: Origin = NOWHERE
) -> UUID:
    """Write what a user lets a client do, beside what they allowed before; return the id of the consent."""
    app = await tokens_store.save_app(
        work.db,
        id=work.new_id(),
        user_id=user_id,
        client_id=client_id,
        scopes=scopes,
        at=work.now,
        applicant_user_id=origin.applicant_user_id,
    )
    id: UUID = app["id"]
    return id


async def must_be_registered(work: Work, client_id: UUID, redirect_uri: str, challenge: str | None) -> None:
    """Raise unless the address belongs to a connection of the client (AUTH-28), or a public one names no challenge."""
    connections = await clients_store.connections(work.db, client_id)
    found = [each for each in connections if redirect_allowed(redirect_uri, each.redirect_uri)]
    if not found:
        raise rejected("$.app.redirect_uri", WRONG_REDIRECT)
    if challenge is None and any(each.is_public for each in found):
        raise rejected("$.app.code_challenge", "required property code_challenge was not present", rule="required")


async def grantable(work: Work, user_id: UUID, client: Client, scope: str) -> frozenset[str]:
    """The scopes asked for, when the user may have all of them at this client; raise otherwise (AUTH-28)."""
    requested = frozenset(scope.split())
    owned = await owned_scopes(work, user_id, client)
    if not requested and client.type in TRUSTED_TYPES:
        requested = owned & scopes_of_type(client.type)
    if not requested:
        raise rejected(
            "$.app.scope", "Requested scope is empty. Scope not passed or user has no roles or global roles."
        )
    if not owned:
        raise Forbidden("User has no role at this client.")
    allowed, missing = granted(requested, client_type=scopes_of_type(client.type), roles=owned)
    if missing:
        raise invalid_scope(" ".join(sorted(missing)))
    return allowed


async def owned_scopes(work: Work, user_id: UUID, client: Client) -> frozenset[str]:
    """Everything that the user's roles at the client allow; a patient has the role of a patient at every cabinet."""
    roles = await users_store.roles(work.db, user_id, client.id)
    user = await users_store.user_by_id(work.db, user_id) if client.type in PATIENT_TYPES else None
    if user is not None and user.person_id is not None:
        roles.append(PATIENT)
    return frozenset[str]().union(*(role_scopes(role) for role in roles if role in known_roles()))


def scopes_of_type(client_type: str) -> frozenset[str]:
    """What clients of a type may hold; nothing for a type that is not published."""
    if client_type in PATIENT_TYPES:
        return role_scopes(PATIENT) | client_type_scopes("PIS")
    return client_type_scopes(client_type) if client_type in client_types() else frozenset()


async def exchange_code(
    work: Work, client_id: UUID, secret: str, code: str, redirect_uri: str, *, verifier: str = ""
) -> IssuedToken:
    """A code for an access and a refresh token (AUTH-25). A code that comes twice ends what it gave."""
    _, connection = await known_connection(work, client_id, secret, public=True)
    token = await tokens_store.token(work.db, digest(code), TokenName.CODE)
    if token is None or token.client_id != client_id:
        raise InvalidGrant("Token not found.")
    await must_be_unused(work, token)
    if token.expires_at <= work.now:
        raise InvalidGrant("Token expired.")
    if token.redirect_uri != redirect_uri:
        raise InvalidGrant(WRONG_REDIRECT)
    if not is_verified(token.code_challenge, verifier) or (connection.is_public and token.code_challenge is None):
        raise InvalidGrant(WRONG_VERIFIER)
    if token.app_id is None:
        raise InvalidGrant(REVOKED)
    await must_be_in_order(work, token)
    await tokens_store.mark_used(work.db, token.id, work.now)
    origin = Origin(redirect_uri, connection.broker_id, token.method, token.applicant_user_id)
    return await issue_access(work, token.user_id, client_id, token.scopes, token.app_id, origin=origin)


async def issue_access(
    work: Work,
    user_id: UUID,
    client_id: UUID,
    scopes: frozenset[str],
    app_id: UUID | None,
    *,
    origin: Origin = NOWHERE,
) -> IssuedToken:
    """An access token with its refresh token; earlier ones of this user at this client end (AUTH-24)."""
    await users_store.lock_user(work.db, user_id)
    await tokens_store.expire_tokens(
        work.db, user_id, client_id, PAIR, work.now, applicant_user_id=origin.applicant_user_id
    )

    async def one(name: TokenName, life: timedelta) -> IssuedToken:
        token = Token(
            work.new_id(),
            name,
            user_id,
            client_id,
            app_id,
            scopes,
            origin.redirect_uri,
            None,
            work.now + life,
            broker_id=origin.broker_id,
            applicant_user_id=origin.applicant_user_id,
            method=origin.method,
        )
        return await store_token(work, token)

    access, renewal = await one(TokenName.ACCESS, ACCESS_LIFE), await one(TokenName.REFRESH, REFRESH_LIFE)
    work.record(Event.TOKEN_ISSUED, access.token.id)
    return IssuedToken(access.token, access.value, renewal.value)


async def delete_app(work: Work, app_id: UUID, *, of: UUID | None = None) -> None:
    """Take back the consent of the caller (or of the user `of`); the client's tokens end with it (AUTH-27)."""
    user_id = of or work.actor.user_id
    app = await tokens_store.app_of(work.db, user_id, app_id) if user_id else None
    if app is None:
        raise NotFound()
    await tokens_store.delete_app(work.db, app.id, work.now)
    # Who takes back their own consent finds it in their log.
    work.record(Event.APP_DELETED, app.id, patient_id=None if of else work.actor.person_id)


async def must_be_unused(work: Work, token: Token) -> None:
    """A grant that comes twice was stolen once: everything that stands on it ends (RFC 9700, 2.2.2 and 4.14)."""
    if token.used_at is None:
        return
    await tokens_store.expire_tokens(
        work.db, token.user_id, token.client_id, PAIR, work.now, applicant_user_id=token.applicant_user_id
    )
    work.record(Event.TOKENS_REVOKED, token.id)
    raise GrantReused()


async def must_be_in_order(work: Work, token: Token) -> None:
    """AUTH-14 on every grant, and no new token on an expired password (public documentation, page 583401482)."""
    user = await users_store.lock_user(work.db, token.user_id)
    if user is None or user.is_blocked:
        raise UserBlocked()
    rules = SignInRules.of(work.dependencies.settings)
    by_password = token.method is Method.PASSWORD and user.password_hash is not None
    if by_password and password_expired(user.password_set_at, work.now, rules):
        raise PasswordExpired()


async def _origin_of_session(work: Work) -> Origin:
    token = await tokens_store.token_by_id(work.db, work.actor.token_id) if work.actor.token_id else None
    return Origin(method=token.method, applicant_user_id=token.applicant_user_id) if token else NOWHERE
