"""Passwords: argon2id beside the event loop, few at once and at a low priority, so that sign-ins starve nobody."""

import hmac
import os
import time
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .beside import SidePool
from .spelling import spellings
from .work import NeedsExternal

AT_ONCE = max((os.cpu_count() or 1) // 2, 1)
SECONDS = 3.0  # of waiting: who signs in waits rather than try again, but not for a promise that is not kept
FEW = 20  # who sign in at the same moment are never refused
PACE = 0.033  # of one, until it was measured here
SECONDS_KEPT = 3.0  # for a request that does not come back
NICE = 10  # a tenth of the share of a thread that answers requests
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # decision 11: 33 ms
# Checked when there is no such user, so that the time of the answer does not tell who is registered.
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(slots=True)
class _Proven:
    """An answer, and how many requests are about to come back for it: copies of one try, each with its own hashing."""

    fits: bool
    uses: int = 0
    until: float = 0.0


class Passwords:
    """Makes and checks password hashes."""

    def __init__(self) -> None:
        self._pool = SidePool("passwords", AT_ONCE, seconds=SECONDS, pace=PACE, few=FEW, nice=NICE)
        self._key = os.urandom(32)
        self._proven: dict[bytes, _Proven] = {}

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Unavailable when too many wait already."""
        return await self._pool.run(lambda: _hasher.hash(next(iter(spellings(password)))))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Is this the password; takes the same time when there is no stored hash. Raises Unavailable."""
        return await self._pool.run(lambda: _matches(stored, password))

    def proven(self, stored: str | None, password: str, *, whose: str) -> bool:
        """The same for the door, where many come at once: no database connection is held meanwhile.

        Raises NeedsExternal at first; the pipeline lets the transaction go, awaits the answer and begins the act anew.
        Each answer is used once. `whose` is what was typed as the user's name: an answer is never that of another
        name, so that the time tells nothing of who is registered.
        """
        question = hmac.digest(self._key, repr((whose, stored, password)).encode(), "sha256")
        proven = self._proven.get(question)
        if proven is None or not proven.uses:
            raise NeedsExternal(lambda: self._prove(question, stored, password))
        proven.uses -= 1
        return proven.fits

    async def _prove(self, question: bytes, stored: str | None, password: str) -> None:
        fits, now = await self.matches(stored, password), time.monotonic()
        self._proven = {each: kept for each, kept in self._proven.items() if kept.uses and kept.until >= now}
        proven = self._proven.setdefault(question, _Proven(fits))
        proven.uses, proven.until = proven.uses + 1, now + SECONDS_KEPT


def _matches(stored: str | None, password: str) -> bool:
    # Each spelling is tried also where there is no such user: the time is the same.
    return any(_is_hash_of(stored or _NOBODY, each) for each in spellings(password)) and stored is not None


def _is_hash_of(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
