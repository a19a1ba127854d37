"""What a key or a passkey signs to come in: made for one browser and one purpose, good for five minutes and once.

A challenge carries its time and a code that only we can make, so that none is stored until it is answered; who asks for
many fills no table.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from esoz.mis.base.services import MisPage, Services

from .. import store
from ..model import CHALLENGE_LIFE

NONCE, TIME, CODE = 16, 8, 16  # bytes of its parts
LENGTH = NONCE + TIME + CODE
_UNIT = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def make(page: MisPage, purpose: str) -> bytes:
    """A new challenge for this browser."""
    open_part = secrets.token_bytes(NONCE) + ((page.now - _EPOCH) // _UNIT).to_bytes(TIME)
    return open_part + _code(page, purpose, open_part)


def made_at(challenge: bytes) -> datetime:
    """When it was made. Only for a challenge of ours: `is_live` has said so."""
    return _EPOCH + int.from_bytes(challenge[NONCE : NONCE + TIME]) * _UNIT


def is_live(page: MisPage, purpose: str, challenge: bytes) -> bool:
    """Whether we made it for this browser and purpose, and not longer ago than it lives."""
    if len(challenge) != LENGTH:
        return False
    is_ours = hmac.compare_digest(_code(page, purpose, challenge[:-CODE]), challenge[-CODE:])
    return is_ours and page.now - made_at(challenge) < CHALLENGE_LIFE


async def spend(page: MisPage, purpose: str, challenge: bytes) -> bool:
    """Take the answer to a challenge; False when it is not a live one, or was answered before."""
    if not is_live(page, purpose, challenge):
        return False
    return await store.spend(page.db, hashlib.sha256(challenge).digest(), page.now)


async def forget_old(services: Services) -> None:
    """Answered ones that are too old to come again; for a background work."""
    async with services.database.transaction() as db:
        await store.forget_spent(db, services.clock.now() - 2 * CHALLENGE_LIFE)


def _code(page: MisPage, purpose: str, open_part: bytes) -> bytes:
    """The session's id binds it to the browser: a new token, as at every sign-in, makes it worthless."""
    message = b"challenge:" + purpose.encode() + b":" + page.session.id + open_part
    return hmac.new(page.services.secret, message, hashlib.sha256).digest()[:CODE]
