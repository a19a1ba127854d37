"""Reading a form in one pass: each field gives its value, or its fault in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

YES = "yes"
LONGEST = 255
# What no moment of another zone of time is at the very ends of the calendar.
FIRST_YEAR, LAST_YEAR = 2, 9998

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


@dataclass(slots=True)
class Reading:
    """What was typed, and what is wrong with it by field, in the order of reading.

    A reader gives None where nothing was typed, or nothing that could be gone on with. `missing` and `wrong` are the
    words of its faults; without `missing` the field may stay empty. Of several faults of a field the first is told.
    """

    values: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def typed(self, name: str) -> str:
        """What stands in the field, without the spaces around it."""
        return self.values.get(name, "").strip()

    def fault(self, name: str, words: str) -> None:
        """Say what is wrong with a field."""
        self.faults.setdefault(name, words)

    def text(self, name: str, *, too_long: str, missing: str = "", longest: int = LONGEST) -> str | None:
        """A text of at most so many characters."""
        text = self._typed(name, missing)
        if text is not None and len(text) > longest:
            self.fault(name, too_long)
        return text

    def day(self, name: str, *, wrong: str, missing: str = "") -> date | None:
        """A day of the calendar as browsers send it: 2026-11-22."""
        return self._read(name, _day, wrong, missing)

    def clock(self, name: str, *, wrong: str, missing: str = "") -> time | None:
        """A time of the day: 9:30, 09.30."""
        return self._read(name, _clock, wrong, missing)

    def number(self, name: str, *, wrong: str, missing: str = "") -> Decimal | None:
        """A number with a point or a comma, as exact as it was typed."""
        return self._read(name, _number, wrong, missing)

    def id(self, name: str, *, wrong: str, missing: str = "") -> UUID | None:
        """The id of something that was chosen."""
        return self._read(name, UUID, wrong, missing)

    def code(self, name: str, is_known: Callable[[str], bool], *, wrong: str, missing: str = "") -> str | None:
        """A code that was chosen from a list. Words beside it (`NAME_text`) that no code was chosen for are a fault."""
        code = self.typed(name)
        if not self.has_choice(name):
            return self._typed(name, missing)
        if not is_known(code):
            self.fault(name, wrong)
            return None
        return code

    def has_choice(self, name: str) -> bool:
        """Was a code chosen, or anything typed where one is looked for."""
        return bool(self.typed(name) or self.typed(f"{name}_text"))

    def tick(self, name: str) -> bool:
        """Is the box ticked."""
        return self.values.get(name) == YES

    def _typed(self, name: str, missing: str) -> str | None:
        text = self.typed(name)
        if not text and missing:
            self.fault(name, missing)
        return text or None

    def _read(self, name: str, read: Callable[[str], T], wrong: str, missing: str) -> T | None:
        text = self._typed(name, missing)
        if text is None:
            return None
        try:
            return read(text)
        except (ValueError, InvalidOperation):
            self.fault(name, wrong)
            return None


def day_of(text: str) -> date | None:
    """A day as browsers send it, 2026-11-22; None for anything else, and for days that other zones cannot tell."""
    try:
        return _day(text)
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """A moment as programs write it, with its zone of time; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _day(text: str) -> date:
    # The calendar's own reader takes 20261122 and 2026-W47-7 too.
    if _ISO_DAY.fullmatch(text) is None:
        raise ValueError("no day")
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("no day that can be told in another zone of time")
    return day


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError("no time of a day")
    return time(int(found[1]), int(found[2]))


def _number(text: str) -> Decimal:
    number = Decimal(text.replace(",", "."))
    if not number.is_finite() or "_" in text:
        raise ValueError("no number")
    return number
