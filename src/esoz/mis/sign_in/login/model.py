"""Rules of the code after the password, and what users are shown of their tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.mis.sign_in.accounts import Method, Outcome

CODE_WAITS = timedelta(minutes=5)  # between the right password and the code
WEAK = _("Пароль має містити щонайменше 12 знаків, великі й малі літери та цифри, і не бути поширеним.")


class Event(StrEnum):
    SIGNED_IN = "session.started"
    CODE_ASKED = "session.code_asked"
    SIGNED_OUT = "session.ended"
    WORKPLACE_CHOSEN = "workplace.chosen"
    TRIES_READ = "sign_ins.read"
    PAUSES_READ = "sign_in_pauses.read"
    PAUSE_LIFTED = "sign_in_pause.lifted"


@dataclass(frozen=True, slots=True)
class Try:
    """One try as its user is shown it."""

    at: datetime
    outcome: Outcome
    address: str
    device: str
    method: Method


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """The first half of a sign-in: whose code is waited for, since when, and the number of the try."""

    user_id: UUID
    at: datetime
    number: int


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


def still_waits(pending: PendingSignIn, password_set_at: datetime, now: datetime) -> bool:
    """Whether the code still completes the sign-in: for five minutes, while the password is the same."""
    return pending.at >= password_set_at and now - pending.at < CODE_WAITS
