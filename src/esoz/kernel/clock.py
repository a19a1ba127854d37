"""Time and identifiers: the only places where they come into being, so that tests and the sandbox can set them."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")


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


def new_id() -> UUID:
    """A time-ordered UUID (version 7): new rows go to the end of an index."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (tail >> 68) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=value)
