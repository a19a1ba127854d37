"""Rules of the second factor: which codes are right, how long a begun sign-in waits, who must have a factor."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_code

DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1  # steps that a telephone's clock may be before or behind ours
SECRET_BYTES = 20  # RFC 4226, 4: as long as the hash
ENROLLING = timedelta(minutes=10)  # how long a begun enrolment waits, and how long new recovery codes are shown
RECOVERY_CODES = 10
FEW_CODES = 2  # so many are left: time for new ones
# Without letters and digits that are taken for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10  # 49 bits
ISSUER = "ЕСОЗ"
NO_CODE = _("Введіть шість цифр із застосунку.")
MUST_ENROL = "must_enrol"  # in the session: nothing else opens before


class Event(StrEnum):
    ENROLLED = "second_factor.enrolled"
    REMOVED = "second_factor.removed"
    CODES_RENEWED = "recovery_codes.renewed"
    CODE_USED = "recovery_codes.used"


@dataclass(frozen=True, slots=True)
class Factor:
    """The application of a user: its secret in base32, and what was used of it."""

    user_id: UUID
    secret: str
    last_step: int
    since: datetime


def new_secret() -> str:
    """A secret in base32, as applications take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """RFC 6238 over RFC 4226 with SHA-1, which is what all applications know."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8), hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(now: datetime) -> int:
    """The number of the half minute."""
    return int(now.timestamp()) // STEP_SECONDS


def taken_step(secret: str, typed: str, now: datetime, last_step: int) -> int | None:
    """The step of a right code that was not used yet, nor an earlier one than the last; None for any other.

    Every step is compared, in constant time: how long it takes tells nothing.
    """
    code, present = "".join(typed.split()), step_of(now)
    around = range(present - DRIFT, present + DRIFT + 1)
    fitting = [step for step in around if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return next((step for step in fitting if step > last_step), None)


def address_of(secret: str, email: str) -> str:
    """What the QR code says to the application: otpauth://totp/…"""
    label = quote(f"{ISSUER}:{email}", safe="")
    asked = {"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as it is easy to type: ABCD EFGH …"""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Codes as they are shown: ABCDE-FGHJK."""
    half = CODE_LENGTH // 2
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def recovery_digest(typed: str, user_id: UUID, secret: bytes) -> bytes:
    """What is kept in the place of a recovery code; spaces, hyphens, case and the keyboard's language do not matter."""
    return hmac.new(secret, b"recovery-code:" + user_id.bytes + plain_code(typed).encode(), hashlib.sha256).digest()


def required_from(days: Iterable[date | None]) -> date | None:
    """The day from which a user of these clinics needs a second factor: the earliest; None when no clinic wants it."""
    return min((day for day in days if day), default=None)


def is_required(days: Sequence[date | None], today: date) -> bool:
    """Whether one of the user's clinics wants it already."""
    first = required_from(days)
    return first is not None and first <= today
