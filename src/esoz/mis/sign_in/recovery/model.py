"""Rules of the way back in by mail."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(minutes=30)
COOLDOWN = timedelta(minutes=1)  # between two mails
MOST_AN_HOUR = 5
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)
TOKEN_BYTES = 32
TOKEN_LENGTH = 43


class Event(StrEnum):
    ASKED = "recovery.asked"
    SENT = "recovery.sent"
    USED = "recovery.used"


def digest_of(token: str) -> bytes:
    """What is kept in the place of a token."""
    return hashlib.sha256(b"recovery:" + token.encode()).digest()


def may_send(sent: Sequence[datetime], now: datetime) -> bool:
    """Whether one more mail goes to an address that was sent some at these moments."""
    ages = [now - moment for moment in sent]
    return all(age >= COOLDOWN for age in ages) and sum(age < HOUR for age in ages) < MOST_AN_HOUR


def is_open(sent_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a link still leads anywhere: once, for half an hour."""
    return used_at is None and now - sent_at < LIFE


def seconds_left(asked_at: datetime, now: datetime) -> int:
    """Seconds until it may be asked again."""
    return max(int((asked_at + COOLDOWN - now).total_seconds()), 0)
