"""A task for a program that guesses passwords: a little work for each try, shown after many failures of one address.

No third party and no pictures: the browser looks for a number whose digest with our challenge begins with zeros. That
takes it a second; whoever tries thousands of passwords pays thousands of seconds. A challenge counts once.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from esoz.kernel.work import Work

from ..errors import CaptchaNeeded
from ..model import digest
from ..store import tokens as tokens_store
from ..store import users as users_store

BITS = 16  # 65,536 digests on average: about a second in a browser
LIFE = timedelta(minutes=10)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Task:
    """What the page gives to its script: a challenge, and how many zero bits the digest must begin with."""

    challenge: str
    bits: int = BITS


class Verifier(Protocol):
    """Tells whether a captcha token is good. Each token counts once, so it may write."""

    async def __call__(self, work: Work, token: str) -> bool: ...


def make_task(work: Work) -> Task:
    """A new challenge: a number of ours, its end, and our word for both."""
    claim = f"{work.new_id().hex}.{int((work.now + LIFE).timestamp())}"
    return Task(f"{claim}.{_word(work.dependencies.secret, claim)}")


async def proof_of_work(work: Work, token: str) -> bool:
    """Our own verifier: `token` is the challenge, a colon and the number that was found."""
    challenge, _, number = token.partition(":")
    claim, _, word = challenge.rpartition(".")
    if len(token) > LONGEST or not number.isascii() or not number.isdigit():
        return False
    if not hmac.compare_digest(word.encode(), _word(work.dependencies.secret, claim).encode()):
        return False
    name, _, ends = claim.partition(".")
    if datetime.fromtimestamp(int(ends), UTC) <= work.now:
        return False
    if int.from_bytes(hashlib.sha256(token.encode()).digest()) >> (256 - BITS):
        return False
    return await tokens_store.use_nonce(work.db, UUID(name), work.now)


async def is_needed(work: Work, address: str) -> bool:
    """Has this address failed so often lately that the next try takes a captcha; never when it is turned off."""
    limit = work.dependencies.settings.number("ESOZ_CAPTCHA_FAILURES")
    if not limit:
        return False
    rules = work.dependencies.settings.number("ESOZ_LOGIN_PAUSE_MINUTES")
    since = work.now - timedelta(minutes=rules)
    return await users_store.count_failures(work.db, address_key(work, address), since) >= limit


async def must_be_solved(work: Work, address: str, token: str, *, verify: Verifier = proof_of_work) -> None:
    """Raise CaptchaNeeded when this address has to solve one and has not, or sent a wrong one unasked (AUTH-1)."""
    if not token and not await is_needed(work, address):
        return
    if not token or not await verify(work, token):
        raise CaptchaNeeded()


async def count_failure(work: Work, address: str) -> None:
    """A wrong password came from this address."""
    limit = work.dependencies.settings.number("ESOZ_CAPTCHA_FAILURES")
    if limit:
        await users_store.add_failure(work.db, address_key(work, address), work.now, keep=limit)


def address_key(work: Work, address: str) -> bytes:
    """The key under which failures of an address are counted: addresses are few, hence a keyed digest."""
    return hmac.new(digest("address") + work.dependencies.secret, address.encode(), hashlib.sha256).digest()


def _word(secret: bytes, claim: str) -> str:
    found = hmac.new(hashlib.sha256(b"captcha" + secret).digest(), claim.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(found[:18]).decode()
