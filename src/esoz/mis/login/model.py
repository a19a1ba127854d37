"""Rules of signing in by password (decision 13), and what is remembered of tries."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.kernel.pages import mark as _

# The state's page of 2022-07-05: three wrong passwords are forgiven, the fourth within ten minutes begins a pause.
FORGIVEN = 3
WINDOW = timedelta(minutes=10)
PAUSE = timedelta(minutes=10)
LEAST_LENGTH = 12
WEAK = _("Пароль має містити щонайменше 12 знаків: великі й малі літери та цифри.")


class Event(StrEnum):
    SIGNED_IN = "session.started"
    REFUSED = "session.refused"
    SIGNED_OUT = "session.ended"
    WORKPLACE_CHOSEN = "workplace.chosen"


class Outcome(StrEnum):
    """How a try to sign in ended."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    PAUSED = "paused"  # came during a pause: neither counts nor prolongs it


@dataclass(frozen=True, slots=True)
class Account:
    """A user as signing in sees them."""

    id: UUID
    password_hash: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands after its tries: how many wrong ones are left, or until when it is paused."""

    tries_left: int
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Previous:
    """What a user is shown after signing in: the time before this one, and wrong tries since then."""

    at: datetime | None
    wrong_since: int


def standing(wrong: Sequence[datetime], now: datetime) -> Standing:
    """The rule over the wrong tries since the last success, oldest first."""
    if len(wrong) > FORGIVEN and wrong[-1] - wrong[-1 - FORGIVEN] < WINDOW and now < wrong[-1] + PAUSE:
        return Standing(0, wrong[-1] + PAUSE)
    recent = sum(moment > now - WINDOW for moment in wrong)
    return Standing(FORGIVEN + 1 - recent, None)


def is_strong(password: str) -> bool:
    """Decision 13: twelve characters with small and capital letters and digits."""
    return (
        len(password) >= LEAST_LENGTH
        and any(character.islower() for character in password)
        and any(character.isupper() for character in password)
        and any(character.isdigit() for character in password)
    )


def email_digest(email: str, secret: bytes) -> bytes:
    """What is counted instead of an address, so that addresses of strangers are not collected."""
    return hmac.new(secret, b"sign-in:" + email.strip().lower().encode(), hashlib.sha256).digest()
