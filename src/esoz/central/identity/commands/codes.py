"""Codes of the second factor: sent and tried, each under the lock of its user."""

import hmac
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from esoz.kernel.outbox import Message, post
from esoz.kernel.states import move
from esoz.kernel.work import Work

from ..errors import CodeAttemptsExhausted, CodeExpired, CodeInvalid, CodesTooOften, UserBlocked
from ..model import (
    CODE_ATTEMPTS,
    CODE_MOVES,
    CODE_SENDS,
    CODE_SENDS_WINDOW,
    MOST_WRONG_CODES,
    SMS_CODE_LIFE,
    CodeStatus,
    Event,
    SignInCode,
    Token,
)
from ..secrets import code_hash, new_code
from ..store import tokens as tokens_store
from ..store import users as users_store

TEXT = "Код підтвердження: {code}"  # AUTH-22
TOO_MANY_WRONG = "Passed invalid OTP more than USER_OTP_ERROR_MAX"  # AUTH-19


async def send_code(work: Work, token: Token, phone: str) -> None:
    """Send a code for this token; earlier codes of the user end (AUTH-20). Raises CodesTooOften (AUTH-18)."""
    await users_store.lock_user(work.db, token.user_id)
    if await tokens_store.codes_since(work.db, token.user_id, work.now - CODE_SENDS_WINDOW) >= CODE_SENDS:
        raise CodesTooOften(headers={"Retry-After": str(int(CODE_SENDS_WINDOW.total_seconds()))})
    await tokens_store.cancel_codes(work.db, token.user_id)
    code, id = new_code(work.dependencies.random), work.new_id()
    hashed = code_hash(work.dependencies.secret, id, code)
    sent = SignInCode(
        id, token.user_id, token.id, phone, hashed, CodeStatus.NEW, 0, work.now + SMS_CODE_LIFE, inserted_at=work.now
    )
    await tokens_store.insert_code(work.db, sent)
    await post(work, Message("sms", phone, TEXT.format(code=code), urgent=True))
    work.record(Event.CODE_SENT, token.user_id)


async def check_code(work: Work, token: Token, value: str) -> str:
    """Try a code; return the phone that it was sent to.

    Raises CodeInvalid, CodeExpired, CodeAttemptsExhausted; the third wrong code in a row blocks the user (AUTH-19).
    """
    user = await users_store.lock_user(work.db, token.user_id)
    if user is None or user.is_blocked:
        raise UserBlocked()
    code = await tokens_store.last_code(work.db, token.id)
    if code is None or code.status in (CodeStatus.VERIFIED, CodeStatus.CANCELED):
        raise CodeInvalid()
    if code.status is CodeStatus.EXHAUSTED:
        raise CodeAttemptsExhausted()
    if code.expires_at <= work.now:
        raise CodeExpired()
    if not hmac.compare_digest(code.code_hash, code_hash(work.dependencies.secret, code.id, value)):
        await _refuse(work, code)
    await tokens_store.save_code(work.db, replace(code, status=move(CODE_MOVES, code.status, CodeStatus.VERIFIED)))
    await users_store.forget_wrong_codes(work.db, token.user_id)
    return code.factor


async def _refuse(work: Work, code: SignInCode) -> NoReturn:
    """Count a wrong code, close what is to be closed, and raise."""
    work.record(Event.CODE_REFUSED, code.user_id)
    wrong = await users_store.count_wrong_code(work.db, code.user_id)
    attempts = code.attempts + 1
    status = move(CODE_MOVES, code.status, CodeStatus.EXHAUSTED) if attempts >= CODE_ATTEMPTS else code.status
    await tokens_store.save_code(work.db, replace(code, attempts=attempts, status=status))
    if wrong >= MOST_WRONG_CODES:
        await close_user(work, code.user_id, TOO_MANY_WRONG)
    if wrong >= MOST_WRONG_CODES or status is CodeStatus.EXHAUSTED:
        raise CodeAttemptsExhausted()
    raise CodeInvalid(tries_left=min(MOST_WRONG_CODES - wrong, CODE_ATTEMPTS - attempts))


async def close_user(work: Work, user_id: UUID, reason: str) -> None:
    """Block a user and end all they have."""
    await users_store.set_blocked(work.db, user_id, reason, work.now)
    await tokens_store.expire_all_tokens(work.db, user_id, work.now)
    work.record(Event.USER_BLOCKED, user_id)
