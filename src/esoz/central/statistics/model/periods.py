"""Periods of statistics: a month, a year, all the time; never any from-to.

Two periods that anybody may choose would differ by a day or two, and tell a number too small to be told.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from esoz.kernel.errors import rejected

from .counters import EVER


class Grain(StrEnum):
    """How long the time is that one number tells of."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a year, or all the time since the beginning."""

    grain: Grain
    starts: date

    @property
    def parts(self) -> Grain:
        """What it consists of."""
        return {Grain.EVER: Grain.YEAR, Grain.YEAR: Grain.MONTH}.get(self.grain, Grain.DAY)

    @property
    def ends(self) -> date:
        """Its last day."""
        if self.grain is Grain.EVER:
            return date.max
        if self.grain is Grain.YEAR:
            return date(self.starts.year, 12, 31)
        return self.starts.replace(day=calendar.monthrange(self.starts.year, self.starts.month)[1])

    @property
    def above(self) -> "Period | None":
        """The period that it is a part of."""
        if self.grain is Grain.EVER:
            return None
        return whole() if self.grain is Grain.YEAR else Period(Grain.YEAR, date(self.starts.year, 1, 1))

    @property
    def name(self) -> str:
        """As it stands in addresses: 2026-11, 2026, or all."""
        return {Grain.MONTH: f"{self.starts:%Y-%m}", Grain.YEAR: f"{self.starts:%Y}"}.get(self.grain, "all")

    def starts_of_parts(self, first: date, last: date) -> Iterator[date]:
        """Where its parts begin, as far as they are not before `first` or after `last`."""
        if self.parts is Grain.DAY:
            days = (self.starts.replace(day=number + 1) for number in range(self.ends.day))
            yield from (day for day in days if first <= day <= last)
        elif self.parts is Grain.MONTH:
            months = (date(self.starts.year, number + 1, 1) for number in range(12))
            yield from (month for month in months if first.replace(day=1) <= month <= last)
        else:
            yield from (date(year, 1, 1) for year in range(first.year, last.year + 1))


def whole() -> Period:
    """All the time."""
    return Period(Grain.EVER, EVER)


def month_of(day: date) -> Period:
    return Period(Grain.MONTH, day.replace(day=1))


def read_period(text: str, today: date) -> Period:
    """`2026-11`, `2026` or `all`; nothing is the present month. Raises Rejected for anything else."""
    if not text:
        return month_of(today)
    if text == "all":
        return whole()
    grain, shape = (Grain.YEAR, f"{text}-01-01") if len(text) == 4 else (Grain.MONTH, f"{text}-01")
    try:
        starts = date.fromisoformat(shape)
    except ValueError:
        starts = date.min
    if len(text) not in (4, 7) or not text[:4].isascii() or not date(2000, 1, 1) <= starts <= today:
        raise rejected("$.period", "is not a month, a year or all", rule="format")
    return Period(grain, starts)
