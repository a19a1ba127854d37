"""Passwords: argon2id beside the event loop, few at once and at a low priority, so that sign-ins starve nobody."""

import asyncio
import hmac
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .errors import Unavailable
from .work import NotYet

AT_ONCE = max((os.cpu_count() or 1) // 2, 1)
MOST_WAITING = 200  # at 33 ms each the last of them waits 7 seconds on one core
SECONDS_KEPT = 3.0
NICE = 10  # a tenth of the share of a thread that answers requests
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # decision 13: 33 ms
# Checked when there is no such user, so that the time of the answer does not tell who is registered.
_NOBODY = _hasher.hash("nobody has this password")

Result = TypeVar("Result")


class Passwords:
    """Makes and checks password hashes."""

    def __init__(self) -> None:
        self._waiting = 0
        self._key = os.urandom(32)
        self._proven: dict[bytes, tuple[bool, float]] = {}  # results that their requests come back for at once

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Unavailable when too many wait already."""
        return await self._beside(lambda: _hasher.hash(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Is this the password; takes the same time when there is no stored hash. Raises Unavailable."""
        return await self._beside(lambda: _matches(stored, password))

    def proven(self, stored: str | None, password: str, *, whose: str) -> bool:
        """The same for the door, where many come at once: no database connection is held meanwhile.

        Raises NotYet at first; the road lets the transaction go, awaits the answer and begins the act anew. `whose` is
        what was typed as the user's name: answers are shared by copies of one try, never by different names, so that
        the time tells nothing of either.
        """
        question = hmac.digest(self._key, repr((whose, stored, password)).encode(), "sha256")
        fits, until = self._proven.get(question, (False, 0.0))
        if until < time.monotonic():
            raise NotYet(lambda: self._prove(question, stored, password))
        return fits

    async def _prove(self, question: bytes, stored: str | None, password: str) -> None:
        fits, now = await self.matches(stored, password), time.monotonic()
        self._proven = {each: kept for each, kept in self._proven.items() if kept[1] >= now}
        self._proven[question] = fits, now + SECONDS_KEPT

    async def _beside(self, act: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Unavailable(headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(_threads, act)
        finally:
            self._waiting -= 1


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _step_back() -> None:
    """Let threads that answer requests go first; Linux alone knows priorities of threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


_threads = ThreadPoolExecutor(AT_ONCE, "passwords", initializer=_step_back)
