"""Numbers of prescriptions, and the code that a patient tells the pharmacist."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .requests import Request

# MR-11: eighteen symbols that are not taken for one another, in three random groups of four.
ALPHABET = "0123456789AEHKMPTX"
PREFIX = "0000"
NUMBER = re.compile(rf"{PREFIX}(-[{ALPHABET}]{{4}}){{3}}")

NONCE_BYTES = 12
CODE_FIRST, CODE_REST = "123456789", "0123456789"
CODE_LENGTH = 4

# The code has four digits, so guessing is made slow: after every fifth wrong code a pause, each twice as long as the
# one before. In the 30 days of a prescription that is fewer than 70 guesses of 9 000 (the 2019 source had no limit).
ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=7)

Random = Callable[[int], bytes]


def draw(symbols: str, random: Random) -> str:
    """One symbol, every one with the same probability: bytes past the last whole multiple are thrown away."""
    limit = 256 - 256 % len(symbols)
    while True:
        (byte,) = random(1)
        if byte < limit:
            return symbols[byte % len(symbols)]


def new_number(random: Random) -> str:
    """A number such as 0000-243P-1X53-EH38; uniqueness is the look-up table's to keep."""
    groups = ("".join(draw(ALPHABET, random) for _ in range(4)) for _ in range(3))
    return "-".join((PREFIX, *groups))


def new_code(random: Random) -> str:
    """Four random digits, the first not a zero."""
    return draw(CODE_FIRST, random) + "".join(draw(CODE_REST, random) for _ in range(CODE_LENGTH - 1))


def looks_like_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def seal(code: str, request_id: UUID, *, secret: bytes, random: Random) -> bytes:
    """Encrypt a code for its prescription: nonce, ciphertext and tag."""
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(_key(secret)).encrypt(nonce, code.encode(), request_id.bytes)


def unseal(sealed: bytes, request_id: UUID, *, secret: bytes) -> str:
    """The code in clear; ValueError when it was sealed for another prescription or with another secret."""
    try:
        return AESGCM(_key(secret)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], request_id.bytes).decode()
    except InvalidTag as fault:
        raise ValueError("The code was sealed with another secret") from fault


def code_of(request: Request, *, secret: bytes) -> str | None:
    """The code in clear, None for a prescription without one. Only for the patient: never log or answer it."""
    if request.verification_code is None:
        return None
    return unseal(request.verification_code, request.id, secret=secret)


def is_right(candidate: str, code: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(candidate.encode(), code.encode())


def pause_after(wrong: int) -> timedelta | None:
    """How long a prescription takes no code after so many wrong ones in a row; None between the fives."""
    if wrong == 0 or wrong % ATTEMPTS:
        return None
    doublings = min(wrong // ATTEMPTS - 1, 16)  # far past the longest pause; without it the number outgrows its type
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def attempts_left(wrong: int) -> int:
    """Wrong codes that are still forgiven before the next pause; 0 at its beginning."""
    return -wrong % ATTEMPTS


def _key(secret: bytes) -> bytes:
    # One secret of the installation, one key for each use of it.
    return hmac.digest(secret, b"esoz verification code of a prescription", hashlib.sha256)
