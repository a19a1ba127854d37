"""The second factor: confirming a sign-in, setting the phone, changing it."""

from dataclasses import replace
from uuid import UUID

from esoz.kernel.errors import Forbidden, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model import AUTHORIZE, Event, Method, NextStep, Token, TokenName, is_phone
from ..policy import live_token
from ..store import tokens as tokens_store
from ..store import users as users_store
from .codes import check_code, send_code
from .sign_in import IssuedToken, issue_second_factor, issue_session

CHANGED_SUBJECT = "Телефон для входу в ЕСОЗ змінено"
CHANGED_TEXT = (
    "Номер телефону, на який надходять коди для входу в ЕСОЗ, змінено. Якщо це зробили не Ви, одразу змініть пароль"
    " і повідомте керівника закладу."
)
ASKING = (TokenName.SECOND_FACTOR,)
MAY_SET = (TokenName.SECOND_FACTOR, TokenName.ACCESS)


async def confirm_sign_in(work: Work, token_id: UUID | None, code: str) -> IssuedToken:
    """A right code turns the token of the second factor into a session (AUTH-16)."""
    token = await live_token(work, token_id, ASKING)
    await _must_have_phone(work, token)
    await check_code(work, token, code)
    return await _open(work, token)


async def send_again(work: Work, token_id: UUID | None) -> IssuedToken:
    """A new token of the second factor and a new code for it; those before end."""
    token = await live_token(work, token_id, ASKING)
    phone = await _must_have_phone(work, token)
    issued = await issue_second_factor(work, token.user_id, token.client_id, " ".join(sorted(token.asked_scopes)))
    await send_code(work, issued.token, phone)
    return issued


async def init_factor(work: Work, token_id: UUID | None, phone: str) -> None:
    """Send a code to the phone that shall become the second factor (AUTH-21).

    Raises Rejected at $.factor, Forbidden when a sign-in that waits for a code would change where the code goes.
    """
    if not is_phone(phone):
        raise rejected("$.factor", "invalid phone")
    await send_code(work, await _may_set(work, token_id), phone)


async def approve_factor(work: Work, token_id: UUID | None, code: str) -> IssuedToken | None:
    """A right code makes the new phone the second factor; a sign-in that waited for it goes on."""
    token = await _may_set(work, token_id)
    phone = await check_code(work, token, code)
    await users_store.save_factor(work.db, token.user_id, phone, work.now)
    await _tell(work, token.user_id)
    work.record(Event.FACTOR_SET, token.user_id)
    if token.name is TokenName.ACCESS:
        return None
    return await _open(work, token) if token.asked_scopes else None


async def begin_factor_change(work: Work, user_id: UUID) -> UUID:
    """For central's own page: a token that a code for the new phone is bound to, and that opens nothing."""
    issued = await issue_second_factor(work, user_id, None, "")
    return issued.token.id


async def waiting(work: Work, token_id: UUID) -> tuple[Token, NextStep, str]:
    """A sign-in that waits: its token, what it waits for, and the phone (empty when none is set)."""
    token = await live_token(work, token_id, ASKING)
    factor = await users_store.factor(work.db, token.user_id)
    phone = factor.factor if factor else None
    return token, NextStep.OTP if phone else NextStep.FACTOR, phone or ""


async def _open(work: Work, token: Token) -> IssuedToken:
    await tokens_store.expire_token(work.db, token.id, work.now)
    scope = " ".join(sorted(token.asked_scopes)) or AUTHORIZE
    work.record(Event.LOGGED_IN, token.user_id, method=str(Method.PASSWORD), second_factor=True)
    return replace(await issue_session(work, token.user_id, token.client_id, scope), refresh=None)


async def _tell(work: Work, user_id: UUID) -> None:
    """Whoever changes the phone, its owner learns of it by mail."""
    user = await users_store.user_by_id(work.db, user_id)
    if user is not None and user.email:
        await post(work, Message("mail", user.email, CHANGED_TEXT, CHANGED_SUBJECT))


async def _must_have_phone(work: Work, token: Token) -> str:
    factor = await users_store.factor(work.db, token.user_id)
    if factor is None or factor.factor is None:
        raise Forbidden("Factor not set")
    return factor.factor


async def _may_set(work: Work, token_id: UUID | None) -> Token:
    """The token under which a phone may be set: of a worker who is in, or of a sign-in without a phone yet."""
    token = await live_token(work, token_id, MAY_SET)
    factor = await users_store.factor(work.db, token.user_id)
    if token.name is TokenName.SECOND_FACTOR and token.asked_scopes and factor is not None and factor.factor:
        raise Forbidden()
    return token
