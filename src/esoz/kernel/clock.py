"""Time and identifiers: the only places where they come into being, so that tests and the sandbox can set them."""

import os
from datetime import UTC, date, datetime, time, timedelta
from time import time_ns
from typing import NamedTuple, Protocol
from uuid import UUID, SafeUUID
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")
# How far clocks of clinics, people and providers may be ahead of ours, or behind: so much is forgiven.
SKEW = timedelta(minutes=1)


class Clock(Protocol):
    """Tells the moment, always with a time zone (UTC)."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved: for tests and the sandbox."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, by: timedelta) -> None:
        self.moment += by


def kyiv_date(moment: datetime) -> date:
    """The calendar day in Kyiv: dates in the rules of medicine are local dates."""
    return moment.astimezone(KYIV).date()


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a moment is in the future, and not only on a clock that is a little ahead of ours."""
    return moment > now + SKEW


def kyiv_moments(day: date, at: time) -> tuple[datetime, ...]:
    """The moments of a time in Kyiv: two in the hour that autumn repeats, none in the one that spring leaves out."""
    typed = datetime.combine(day, at)
    both = {typed.replace(tzinfo=KYIV, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(each for each in both if each.astimezone(KYIV).replace(tzinfo=None) == typed))


class Days(NamedTuple):
    """The calendar day in Kyiv on a clock a little behind ours, on ours and on one a little ahead of it."""

    earliest: date
    today: date
    latest: date


def days_around(moment: datetime) -> Days:
    """The days that somebody else's clock may show."""
    return Days(kyiv_date(moment - SKEW), kyiv_date(moment), kyiv_date(moment + SKEW))


def new_id() -> UUID:
    """A time-ordered UUID (version 7): rows go to the end of an index, acts of one millisecond keep their order.

    Twelve bits are parts of the millisecond (RFC 9562, 6.2, method 3), 62 are by chance.
    """
    milliseconds, rest = divmod(time_ns(), 1_000_000)
    tail = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return _uuid(
        (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (rest * 4096 // 1_000_000) << 64 | 0b10 << 62 | tail
    )


def _uuid(value: int) -> UUID:
    """Without the checks of who may have written it: half of the time of making one."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", value)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made
