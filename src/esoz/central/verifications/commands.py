"""Sending a code to a telephone, and trying it."""

import hmac
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from esoz.central.identity import code_hash
from esoz.kernel.errors import Forbidden, NotFound, TooMany, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import store
from .model import ATTEMPTS, LIFE, MOVES, SENDS, Event, Status, Verification, is_phone, new_code

TEXT = "Код авторизації дій в системі eHealth: {code}"  # OT-6


class InvalidCode(Forbidden):
    """OT-2. The try is counted, so it stays."""

    keeps = True
    default = "Invalid verification code"


class NoTriesLeft(Forbidden):
    """OT-2."""

    keeps = True
    default = "Maximum attempts exceed"


class CodeExpired(Forbidden):
    """OT-2."""

    keeps = True
    default = "Verification code expired"


class TooManyCodes(TooMany):
    """OT-4."""

    default = "too many requests"


async def start(
    work: Work, phone: str, *, content_hash: str | None = None, entry: str = "$.phone_number", text: str = TEXT
) -> Verification:
    """Send a code to a telephone; the one before ends. Raises Rejected at `entry`, TooManyCodes.

    `text` says what the code is for, with `{code}` in it: who is asked to tell a code should know.
    """
    if not is_phone(phone):
        raise rejected(entry, "string does not match pattern", rule="format", params=[r"^\+380[0-9]{9}$"])
    await store.lock_phone(work.db, phone)
    for window, most in SENDS:
        if await store.sent_since(work.db, phone, work.now - window) >= most:
            raise TooManyCodes(headers={"Retry-After": str(int(window.total_seconds()))})
    await store.cancel_new(work.db, phone, work.now)
    code, id = new_code(work.dependencies.random), work.new_id()
    made = Verification(
        id=id,
        phone_number=phone,
        content_hash=content_hash,
        code_hash=code_hash(work.dependencies.secret, id, code),
        status=Status.NEW,
        attempts=0,
        code_expired_at=work.now + LIFE,
        inserted_at=work.now,
        updated_at=work.now,
    )
    await store.add(work.db, made)
    await post(work, Message("sms", phone, text.format(code=code), urgent=True))
    work.record(Event.STARTED, made.id)
    return made


async def complete(work: Work, phone: str, code: str, *, id: UUID | None = None) -> Verification:
    """Try a code; a right one verifies the telephone for good. With `id` only the code of that sending is right.

    Raises NotFound when no code waits, InvalidCode, NoTriesLeft, CodeExpired (OT-2).
    """
    await store.lock_phone(work.db, phone)
    found = await store.last(work.db, phone)
    if found is None or found.status in (Status.VERIFIED, Status.CANCELED) or id not in (None, found.id):
        raise NotFound()
    if found.status is Status.UNVERIFIED:
        raise NoTriesLeft()
    if found.status is Status.EXPIRED or found.code_expired_at <= work.now:
        raise CodeExpired()
    if not hmac.compare_digest(found.code_hash, code_hash(work.dependencies.secret, found.id, code)):
        await _refuse(work, found)
    status = move(MOVES, found.status, Status.VERIFIED)
    verified = replace(found, status=status, attempts=found.attempts + 1, updated_at=work.now)
    await store.save(work.db, verified)
    await store.remember(work.db, phone, work.now)
    work.record(Event.COMPLETED, found.id)
    return verified


async def _refuse(work: Work, found: Verification) -> NoReturn:
    """Count a wrong code; the last try closes it."""
    attempts = found.attempts + 1
    over = attempts >= ATTEMPTS
    status = move(MOVES, found.status, Status.UNVERIFIED) if over else found.status
    await store.save(work.db, replace(found, status=status, attempts=attempts, updated_at=work.now))
    work.record(Event.REFUSED, found.id)
    raise NoTriesLeft() if over else InvalidCode()
