"""Rules of tries to sign in by anything that can be guessed, and what is remembered of them."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.mis.base.limits import Limits


class Event(StrEnum):
    REFUSED = "session.refused"
    CONFIRMED = "session.confirmed"


CHALLENGE_LIFE = timedelta(minutes=5)  # of what a key or a passkey signs to come in


CONFIRMED = timedelta(minutes=5)  # how long a user who was asked for the password again is not asked once more


class Outcome(StrEnum):
    """How a try to sign in ended."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    PAUSED = "paused"  # came during a pause: neither counts nor prolongs it
    THROTTLED = "throttled"  # came from a network address with too many wrong ones: not looked at
    LIFTED = "lifted"  # not a try: the head of the clinic has ended the pause
    ASKED = "asked"  # the right password, and the code was never given
    PASSED = "passed"  # the same, and then the code came: one sign-in is shown once
    REFUSED = "refused"  # a key that opens nothing here: there is nothing to guess, so it is not counted


class Method(StrEnum):
    """By what somebody came in, or tried to."""

    PASSWORD = "password"
    CODE = "code"  # of the application, after the password
    RECOVERY_CODE = "recovery_code"  # in its place
    KEY = "key"  # КЕП
    PASSKEY = "passkey"

    @property
    def counter(self) -> str:
        """Wrong tries of one counter are counted together: a code of either kind opens the same lock."""
        return str(Method.CODE if self is Method.RECOVERY_CODE else self)


CODES = frozenset({Method.CODE, Method.RECOVERY_CODE})


# Ways that are two factors by themselves, and that the term of a password has nothing to do with (decision 11).
STRONG = frozenset({Method.KEY, Method.PASSKEY})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try came from."""

    address: str
    device: str


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One try to be noted: `digest` stands for the address that was typed, `user_id` when it is known here."""

    digest: bytes
    user_id: UUID | None
    outcome: Outcome
    method: Method


@dataclass(frozen=True, slots=True)
class Account:
    """A user as signing in sees them."""

    id: UUID
    email: str
    password_hash: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class LockoutState:
    """Where an address stands after its tries: how many wrong ones are left, or until when it is paused."""

    tries_left: int
    paused_until: datetime | None
    is_crowd: bool = False  # the pause is for the network address, not for the user
    has_begun: bool = False  # this very try has begun the pause


def lockout(wrong: Sequence[datetime], now: datetime, limits: Limits) -> LockoutState:
    """The rule over the wrong tries since the last success, oldest first."""
    forgiven, pause = limits.forgiven, limits.pause
    if len(wrong) > forgiven and wrong[-1] - wrong[-1 - forgiven] < pause and now < wrong[-1] + pause:
        return LockoutState(0, wrong[-1] + pause)
    recent = sum(moment > now - pause for moment in wrong)
    return LockoutState(max(forgiven + 1 - recent, 1), None)


def crowd_lockout(wrong: Sequence[datetime], limits: Limits) -> LockoutState | None:
    """The rule over the newest wrong tries from one network address, oldest first; None when there are few."""
    if len(wrong) < limits.from_address:
        return None
    return LockoutState(0, wrong[-limits.from_address] + limits.pause, is_crowd=True)


def email_digest(email: str, secret: bytes) -> bytes:
    """What is counted instead of an address, so that addresses of strangers are not collected."""
    return hmac.new(secret, b"sign-in:" + email.strip().lower().encode(), hashlib.sha256).digest()
