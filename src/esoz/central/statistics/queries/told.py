"""The tables that everybody may have: on the pages, as JSON and as CSV the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import rejected

from .. import store
from ..model import (
    ALL,
    TOLD,
    Asked,
    Cell,
    Dimension,
    Grain,
    Line,
    Period,
    Slice,
    Table,
    hidden,
    month_of,
    whole,
    with_totals,
)

TIME = "time"

Hidden = Mapping[str, frozenset[tuple[str, str]]]  # of each column of numbers, the places in a table


Asking = tuple[Grain, date, Slice, Dimension | None]


@dataclass(slots=True)
class Teller:
    """Tells tables of one moment; what several of them need is asked of the database, and reckoned, once."""

    db: Connection
    least: int
    today: date
    _asked: dict[Asking, Sequence[Cell]] = field(default_factory=dict)
    _planes: dict[tuple[Period, Slice, Dimension], Hidden] = field(default_factory=dict)
    _first: Sequence[date | None] = ()

    async def table(self, asked: Asked, by: str) -> Table:
        """The numbers of a slice in a period, by its parts (`by` time) or by one of the free dimensions."""
        period, of = asked.period, asked.of
        found = {cell.key: cell for cell in await self._cells(period.grain, period, of)}
        if by == TIME:
            found |= {str(part.starts): part for part in await self._parts(period, of)}
            keys = [str(part) for part in await self._all_parts(period, of)]
        else:
            cells = await self._cells(period.grain, period, of, Dimension(by))
            found |= {cell.key: cell for cell in cells if any(cell.numbers[name] for name in TOLD)}
            keys = sorted(found.keys() - {ALL})
        concealed = await self._concealed(asked, by, found)
        lines = {key: _line(key, found.get(key), concealed) for key in (*keys, ALL)}
        return Table(asked, by, [lines[key] for key in keys], lines[ALL])

    async def totals(self) -> Line:
        """Since the beginning, of the whole country: the live count is told whatever it is, for it is of no part."""
        found = await self._cells(whole().grain, whole(), Slice())
        numbers = next((cell.numbers for cell in found if cell.key == ALL), dict.fromkeys(TOLD, 0))
        return Line(ALL, {name: int(numbers[name]) for name in TOLD})

    async def periods(self) -> Sequence[Period]:
        """All that may be asked for: the whole, years, months, the newest first."""
        first = await self._first_day() or self.today
        found = [whole()]
        for number in range(self.today.year, first.year - 1, -1):
            year = Period(Grain.YEAR, date(number, 1, 1))
            found += [year, *reversed([month_of(each) for each in year.starts_of_parts(first, self.today)])]
        return found

    async def _first_day(self) -> date | None:
        if not self._first:
            self._first = [await store.first_day(self.db)]
        return self._first[0]

    async def _cells(self, grain: Grain, period: Period, of: Slice, by: Dimension | None = None) -> Sequence[Cell]:
        key = grain, period.starts, of, by
        if key not in self._asked:
            self._asked[key] = await store.cells(self.db, grain, (period.starts, period.ends), of, by, columns=TOLD)
        return self._asked[key]

    async def _parts(self, period: Period, of: Slice, by: Dimension | None = None) -> Sequence[Cell]:
        """The cells of the parts of a period; days are not counted of every slice."""
        if period.parts is Grain.DAY and not of.has_days(by):
            return []
        return await self._cells(period.parts, period, of, by)

    async def _all_parts(self, period: Period, of: Slice) -> Sequence[date]:
        """Where the parts begin that a table has, those without any act between the others too."""
        if period.parts is Grain.DAY and not of.has_days():
            return []
        first = await self._first_day()
        return [] if first is None else list(period.starts_of_parts(first, self.today))

    async def _concealed(self, asked: Asked, by: str, found: Mapping[str, Cell]) -> Hidden:
        """What is hidden of a table with one column of numbers: by itself, and by tables that its numbers stand in too.

        ST-3: a number that is hidden in the table of times and of the regions, programmes or substances beside it is
        hidden everywhere, and what is hidden of a period is hidden where the period is a part.
        """
        period, of = asked.period, asked.of
        known: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for dimension in of.chosen:
            key = of.of(dimension)
            plane = await self._plane(period, of.without(dimension), dimension)
            above = await self._of_whole(period, of.without(dimension), dimension)
            for name in TOLD:
                if by == TIME:
                    known[name] |= {(row, ALL) for row, column in plane[name] if column == key and row != ALL}
                known[name] |= {(ALL, ALL) for column in above[name] if column == key}
        if by != TIME:
            of_whole = await self._of_whole(period, of, Dimension(by))
            for name in TOLD:
                known[name] |= {(column, ALL) for column in of_whole[name]}
        tables = {name: {(key, ALL): int(cell.numbers[name]) for key, cell in found.items()} for name in TOLD}
        return {name: hidden(tables[name], self.least, known[name]) for name in TOLD}

    async def _plane(self, period: Period, of: Slice, by: Dimension) -> Hidden:
        """What is hidden in the table of the parts of a period and of a dimension, and in its totals."""
        if (period, of, by) not in self._planes:
            above = await self._of_above(period, of, by)
            cells = await self._parts(period, of, by)
            self._planes[period, of, by] = {name: self._of_cells(name, cells, above[name]) for name in TOLD}
        return self._planes[period, of, by]

    def _of_cells(self, name: str, cells: Sequence[Cell], above: frozenset[str]) -> frozenset[tuple[str, str]]:
        """Totals are not made where nothing can be hidden: they are no smaller than what they are made of."""
        counted = {(str(cell.starts), cell.key): int(cell.numbers[name]) for cell in cells if cell.numbers[name]}
        if not above and not any(0 < value < self.least for value in counted.values()):
            return frozenset()
        return hidden(with_totals(counted), self.least, [(ALL, column) for column in above])

    async def _of_whole(self, period: Period, of: Slice, by: Dimension) -> Mapping[str, frozenset[str]]:
        """What is hidden of a dimension in a period as a whole."""
        if period.above is not None:
            return await self._of_above(period, of, by)
        plane = await self._plane(period, of, by)
        return {name: frozenset(column for row, column in plane[name] if row == ALL) for name in TOLD}

    async def _of_above(self, period: Period, of: Slice, by: Dimension) -> Mapping[str, frozenset[str]]:
        """What of a period is hidden where it is a part."""
        if period.above is None:
            return dict.fromkeys(TOLD, frozenset())
        plane = await self._plane(period.above, of, by)
        row = str(period.starts)
        return {name: frozenset(column for line, column in plane[name] if line == row) for name in TOLD}


def _line(key: str, cell: Cell | None, concealed: Hidden) -> Line:
    numbers = cell.numbers if cell else dict.fromkeys(TOLD, 0)
    return Line(key, {name: None if (key, ALL) in concealed[name] else int(numbers[name]) for name in TOLD})


async def choices(db: Connection) -> Mapping[Dimension, Mapping[str, str]]:
    """What numbers may be narrowed to, of which anything was ever counted: key and name, by the alphabet."""
    return {dimension: await store.names(db, dimension) for dimension in Dimension}


def read_slice(given: Mapping[str, str], known: Mapping[Dimension, Mapping[str, str]]) -> Slice:
    """The slice that parameters ask for. Raises Rejected for what is not known, whatever it looks like."""
    chosen = {dimension: given[dimension.value] for dimension in Dimension if given.get(dimension.value)}
    for dimension, key in chosen.items():
        if key not in known[dimension]:
            raise rejected(f"$.{dimension.value}", "is not known", rule="inclusion")
    programme, substance = chosen.get(Dimension.PROGRAMME), chosen.get(Dimension.SUBSTANCE)
    return Slice(
        chosen.get(Dimension.REGION), UUID(programme) if programme else None, UUID(substance) if substance else None
    )
