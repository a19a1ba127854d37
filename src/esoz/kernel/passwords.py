"""Passwords: argon2id off the event loop, a bounded number at once, so that sign-ins cannot starve other work."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # decision 13: 33 ms
# Checked when there is no such user, so that the time of the answer does not tell who is registered.
_NOBODY = _hasher.hash("nobody has this password")


class Passwords:
    """Makes and checks password hashes."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(_hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Is this the password; takes the same time when there is no stored hash."""
        async with self._places:
            return await asyncio.to_thread(_matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
