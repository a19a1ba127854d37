"""Rules of signing in by password (decision 13), and what is remembered of tries."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.settings import Settings

LONGEST_ADDRESS = 64  # characters of a network address that are kept
WEAK = _("Пароль має містити щонайменше 12 знаків, великі й малі літери та цифри, і не бути поширеним.")


class Event(StrEnum):
    SIGNED_IN = "session.started"
    REFUSED = "session.refused"
    SIGNED_OUT = "session.ended"
    WORKPLACE_CHOSEN = "workplace.chosen"
    TRIES_READ = "sign_ins.read"
    PAUSES_READ = "sign_in_pauses.read"
    PAUSE_LIFTED = "sign_in_pause.lifted"


class Outcome(StrEnum):
    """How a try to sign in ended."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    PAUSED = "paused"  # came during a pause: neither counts nor prolongs it
    THROTTLED = "throttled"  # came from a network address with too many wrong ones: not looked at
    LIFTED = "lifted"  # not a try: the head of the clinic has ended the pause


# Short words for what a browser says of itself; the first that fits.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wrong passwords are forgiven, in what time, and how long the pause after them is.

    Defaults: the state's page of 2022-07-05, more than three wrong passwords limit the tries for ten minutes.
    `from_address`: wrong passwords from one network address in the same time, whosever they are.
    """

    forgiven: int = 3
    pause: timedelta = timedelta(minutes=10)  # and the time in which wrong passwords are counted
    from_address: int = 60
    password_days: int = 90  # how long a password lives; 0: without end

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """What the operator has set."""
        return cls(
            settings.number("ESOZ_LOGIN_FAILURES"),
            timedelta(minutes=settings.number("ESOZ_LOGIN_PAUSE_MINUTES")),
            settings.number("ESOZ_LOGIN_ADDRESS_FAILURES"),
            settings.number("ESOZ_PASSWORD_DAYS"),
        )

    @property
    def minutes(self) -> int:
        """Length of the pause in minutes."""
        return int(self.pause.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try came from."""

    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Try:
    """One try as its user is shown it."""

    at: datetime
    outcome: Outcome
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user as signing in sees them."""

    id: UUID
    email: str
    password_hash: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands after its tries: how many wrong ones are left, or until when it is paused."""

    tries_left: int
    paused_until: datetime | None
    is_crowd: bool = False  # the pause is for the network address, not for the user


@dataclass(frozen=True, slots=True)
class Paused:
    """Somebody who may not sign in by password until then."""

    id: UUID
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Previous:
    """What a user is shown after signing in: the sign-in before this one, and failed tries since then."""

    last: Try | None
    failed: Sequence[Try]


def standing(wrong: Sequence[datetime], now: datetime, limits: Limits) -> Standing:
    """The rule over the wrong tries since the last success, oldest first."""
    forgiven, pause = limits.forgiven, limits.pause
    if len(wrong) > forgiven and wrong[-1] - wrong[-1 - forgiven] < pause and now < wrong[-1] + pause:
        return Standing(0, wrong[-1] + pause)
    recent = sum(moment > now - pause for moment in wrong)
    return Standing(max(forgiven + 1 - recent, 1), None)


def crowd_standing(wrong: Sequence[datetime], limits: Limits) -> Standing | None:
    """The rule over the newest wrong tries from one network address, oldest first; None when there are few."""
    if len(wrong) < limits.from_address:
        return None
    return Standing(0, wrong[-limits.from_address] + limits.pause, is_crowd=True)


def device_of(user_agent: str) -> str:
    """«Firefox, Windows» from what a browser says of itself; empty when it says nothing known."""
    found = (
        next((word for mark, word in words if mark in user_agent), "") for words in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(word for word in found if word)


def email_digest(email: str, secret: bytes) -> bytes:
    """What is counted instead of an address, so that addresses of strangers are not collected."""
    return hmac.new(secret, b"sign-in:" + email.strip().lower().encode(), hashlib.sha256).digest()
