"""A mould: rows as COPY wrote them, with places for other ids, days and names. What is cast in it is as real rows are.

The rows were written by the commands of central, so whatever its readers ask of a row holds for every cast.
"""

import re
from collections.abc import Callable, Collection, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import TypeAlias

UUID_TEXT = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DAY_TEXT = r"(?:19|2[01])\d\d-[01]\d-[0-3]\d"

Rows: TypeAlias = Sequence[tuple[str, str]]  # table, line of COPY
Pick: TypeAlias = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where it belongs, its format, and which of the values its format takes."""

    table: str
    format: str
    pick: Pick


@dataclass(frozen=True, slots=True)
class Mould:
    """Rows that belong together: values named `given`, so many ids of their own, days counted from the first one."""

    given: tuple[str, ...]
    own_ids: int
    offsets: tuple[int, ...]
    rows: tuple[Row, ...]

    def cast(
        self,
        given: Mapping[str, str],
        ids: Callable[[], str],
        day: int,
        into: Mapping[str, MutableSequence[str]],
    ) -> None:
        """Add a set of rows, new but for what is given; `day` is the ordinal of the mould's first day now."""
        values = [given[name] for name in self.given]
        values += [ids() for _ in range(self.own_ids)]
        values += [day_text(day + offset) for offset in self.offsets]
        for row in self.rows:
            into[row.table].append(row.format % row.pick(values))


@cache
def day_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def make_mould(rows: Rows, given: Mapping[str, str], kept: Collection[str], first_day: date) -> Mould:
    """A mould of these rows.

    `given`: text → the name of what stands in its place. `kept`: ids of registers, the same in every cast. All other
    ids are of the rows' own; days move together, so that what was a week later stays a week later.
    """
    maker = _Maker(given, kept, first_day)
    made = [(table, *maker.format(line)) for table, line in rows]
    places = {name: number for number, name in enumerate(maker.order())}
    return Mould(
        tuple(maker.names),
        len(maker.ids),
        tuple(maker.days.values()),
        tuple(Row(table, text, _picking([places[each] for each in taken])) for table, text, taken in made),
    )


def _picking(places: Sequence[int]) -> Pick:
    """A tuple of the values at these places, however few."""
    if not places:
        return lambda _values: ()
    return itemgetter(*places)  # of one place the value itself, which a format takes as well


class _Maker:
    """What was met in the rows so far."""

    def __init__(self, given: Mapping[str, str], kept: Collection[str], first_day: date) -> None:
        self._given, self._kept, self._first = given, kept, first_day
        literals = sorted(map(re.escape, given), key=len, reverse=True)
        words = "|".join([*literals, UUID_TEXT])
        self._pattern = re.compile(rf"(?<!\w)(?:(?:{words})(?!\w)|{DAY_TEXT}(?!\d))")
        self.names: dict[str, None] = {}
        self.ids: dict[str, None] = {}
        self.days: dict[str, int] = {}

    def order(self) -> list[str]:
        return [*(f"given {name}" for name in self.names), *self.ids, *self.days]

    def format(self, line: str) -> tuple[str, list[str]]:
        """The format of a line, and what goes into it."""
        taken: list[str] = []

        def place(match: re.Match[str]) -> str:
            text = match.group()
            if text in self._kept:
                return text
            taken.append(self._named(text))
            return "%s"

        return self._pattern.sub(place, line.replace("%", "%%")), taken

    def _named(self, text: str) -> str:
        if text in self._given:
            self.names[self._given[text]] = None
            return f"given {self._given[text]}"
        if len(text) == len("2026-11-30"):
            self.days[text] = (date.fromisoformat(text) - self._first) // timedelta(days=1)
        else:
            self.ids[text] = None
        return text
