"""Signing in: by password or КЕП, with or without a second factor. A session only authorises clients."""

import math
from dataclasses import dataclass, replace
from uuid import UUID

from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.passwords import Passwords
from esoz.kernel.signed import open_signed
from esoz.kernel.work import Signer, Work

from ..errors import (
    InvalidCredentials,
    JWTInvalid,
    LoginsExhausted,
    PasswordExpired,
    UserBlocked,
    UserNotRegistered,
    invalid_scope,
)
from ..model import (
    AUTHORIZE,
    CHANGE_PASSWORD,
    REMINDERS,
    SESSION_LIFE,
    Client,
    Event,
    Method,
    NextStep,
    SignInRules,
    Token,
    TokenName,
    User,
    days_left,
    digest,
    email_key,
    password_expired,
    recent,
    standing,
)
from ..policy import must_be_client
from ..secrets import LOGIN_AUDIENCE, new_value, read_nonce
from ..store import tokens as tokens_store
from ..store import users as users_store
from .codes import send_code

passwords = Passwords()
SESSIONS = (TokenName.SESSION, TokenName.SECOND_FACTOR)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and the value that only its bearer will know; `days_left` of the password when it is time to say so."""

    token: Token
    value: str
    refresh: str | None = None
    next_step: NextStep = NextStep.APPS
    days_left: int | None = None


async def log_in(
    work: Work,
    email: str,
    password: str,
    client_id: UUID | None,
    *,
    scope: str = AUTHORIZE,
    change_expired: bool = False,
) -> IssuedToken:
    """Sign in by password, in the order of AUTH-1 (a block is told only to who knows the password).

    `client_id` None is central itself. With scope user:change_password an expired password is taken (AUTH-8);
    `change_expired`: a session of that scope is given in the place of the refusal. Raises the refusals of errors.py.
    """
    if scope not in (AUTHORIZE, CHANGE_PASSWORD):
        raise invalid_scope(scope)
    if client_id is not None:
        await must_be_client(work, client_id)
    user = await prove_password(work, email, password)
    rules = SignInRules.of(work.dependencies.settings)
    if scope == AUTHORIZE and password_expired(user.password_set_at, work.now, rules):
        if not change_expired:
            raise PasswordExpired()
        scope = CHANGE_PASSWORD
    issued = await open_session(work, user, client_id, scope)
    left = days_left(user.password_set_at, work.now, rules) if user.password_set_at else None
    return replace(issued, days_left=left if left is not None and left <= max(REMINDERS) else None)


async def prove_password(work: Work, email: str, password: str) -> User:
    """The user of an e-mail and password. Tries of one e-mail go one after another, so none is beyond the limit.

    Raises InvalidCredentials, LoginsExhausted (the same whether or not there is such a user) or UserBlocked.
    """
    rules, key = SignInRules.of(work.dependencies.settings), email_key(email)
    failures = await users_store.lock_failures(work.db, key, work.now)
    before = standing(failures, work.now, rules)
    if before.paused_until:
        left = (before.paused_until - work.now).total_seconds()
        raise LoginsExhausted(
            headers={"Retry-After": str(math.ceil(left))}, tries_left=0, paused_until=before.paused_until
        )
    user = await users_store.user_by_email(work.db, email.strip())
    if not passwords.proven(user.password_hash if user else None, password, whose=email) or user is None:
        kept = recent([*failures, work.now], work.now, rules)
        await users_store.save_failures(work.db, key, kept, work.now)
        if user is not None:  # whoever tries a name that nobody has is a stranger: counted by the pipeline
            work.record(Event.LOGIN_REFUSED, user.id)
        after = standing(kept, work.now, rules)
        raise InvalidCredentials(tries_left=after.tries_left, paused_until=after.paused_until)
    await users_store.delete_failures(work.db, key)  # AUTH-6
    if user.is_blocked:
        raise UserBlocked()
    return user


async def log_in_by_signature(work: Work, client_id: UUID, document: str, *, field: str) -> IssuedToken:
    """Sign in a worker with the КЕП that signed our nonce (AUTH-34): neither a password nor its term is asked for."""
    client = await must_be_client(work, client_id)
    signer = await signer_of_nonce(work, client, document, audience=LOGIN_AUDIENCE, field=field)
    if not signer.drfo:
        raise rejected(field, "Invalid drfo")
    users = await users_store.users_by_tax_id(work.db, signer.drfo, client.id)
    if not users:
        raise UserNotRegistered()
    user = next((each for each in users if not each.is_blocked), None)
    if user is None:
        raise UserBlocked()
    work.record(Event.LOGGED_IN, user.id, method=str(Method.SIGNATURE))
    return await issue_session(work, user.id, client.id, AUTHORIZE, method=Method.SIGNATURE)


async def signer_of_nonce(work: Work, client: Client, document: str, *, audience: str, field: str) -> Signer:
    """Who signed {"jwt": <our nonce for this client>}; each nonce counts once.

    Raises JWTInvalid, Rejected naming `field`, BadRequest (more than one signature).
    """
    opened = await open_signed(work, document, field=field)
    jwt = opened.content.get("jwt")
    if not isinstance(jwt, str):
        raise rejected(f"{field}.jwt", "required property jwt was not present", rule="required")
    nonce = read_nonce(work.dependencies.secret, jwt, audience=audience, client_id=client.id, now=work.now)
    await use_nonce(work, nonce)
    return opened.signer


async def open_session(work: Work, user: User, client_id: UUID | None, scope: str) -> IssuedToken:
    """What follows a right password: a session, or a token that only asks for the second factor (AUTH-16)."""
    factor = await users_store.factor(work.db, user.id)
    if factor is None:
        work.record(Event.LOGGED_IN, user.id, method=str(Method.PASSWORD))
        return await issue_session(work, user.id, client_id, scope)
    issued = await issue_second_factor(work, user.id, client_id, scope)
    if factor.factor is None:
        work.record(Event.FACTOR_ASKED, user.id)
        return replace(issued, next_step=NextStep.FACTOR)
    await send_code(work, issued.token, factor.factor)
    return issued


async def issue_second_factor(work: Work, user_id: UUID, client_id: UUID | None, scope: str) -> IssuedToken:
    """A token without scopes, which a code by SMS turns into a session of the scope asked for."""
    await tokens_store.expire_tokens(work.db, user_id, client_id, SESSIONS, work.now)
    token = Token(
        work.new_id(),
        TokenName.SECOND_FACTOR,
        user_id,
        client_id,
        None,
        frozenset(),
        None,
        None,
        work.now + SESSION_LIFE,
        asked_scopes=frozenset(scope.split()),
    )
    return replace(await store_token(work, token), next_step=NextStep.OTP)


async def issue_session(
    work: Work,
    user_id: UUID,
    client_id: UUID | None,
    scope: str,
    *,
    method: Method = Method.PASSWORD,
    applicant_user_id: UUID | None = None,
) -> IssuedToken:
    """A session: earlier ones of this user at this client end (AUTH-24). `applicant_user_id`: who acts for them."""
    await users_store.lock_user(work.db, user_id)
    await tokens_store.expire_tokens(
        work.db, user_id, client_id, SESSIONS, work.now, applicant_user_id=applicant_user_id
    )
    token = Token(
        work.new_id(),
        TokenName.SESSION,
        user_id,
        client_id,
        None,
        frozenset(scope.split()),
        None,
        None,
        work.now + SESSION_LIFE,
        applicant_user_id=applicant_user_id,
        method=method,
    )
    step = NextStep.PASSWORD if scope == CHANGE_PASSWORD else NextStep.APPS
    return replace(await store_token(work, token), next_step=step)


async def store_token(work: Work, token: Token) -> IssuedToken:
    """Keep a new token and return it with its value."""
    value = new_value(work.dependencies.random)
    await tokens_store.insert_token(work.db, token, digest(value), work.now)
    return IssuedToken(token, value)


async def use_nonce(work: Work, nonce: UUID) -> None:
    """Let a nonce open one session only; raise JWTInvalid the second time."""
    if not await tokens_store.use_nonce(work.db, nonce, work.now):
        raise JWTInvalid()


async def log_out(work: Work) -> None:
    """End the caller's tokens at this client."""
    actor = work.actor
    if actor.user_id is None:
        raise NotFound()
    names = (TokenName.ACCESS, TokenName.REFRESH, *SESSIONS)
    applicant = await tokens_store.applicant_of(work.db, actor.token_id) if actor.applicant_id else None
    await tokens_store.expire_tokens(
        work.db, actor.user_id, actor.client_id, names, work.now, applicant_user_id=applicant
    )
    work.record(Event.LOGGED_OUT, actor.user_id)
