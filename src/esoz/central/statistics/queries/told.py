"""The tables that everybody may have: on the pages, as JSON and as CSV the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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


async def told(db: Connection, asked: Asked, by: str, least: int, today: date) -> Table:
    """The numbers of a slice in a period, by its parts (`by` time) or by one of the free dimensions."""
    period, of = asked.period, asked.of
    span = period.starts, period.ends  # of whole periods there is one in it
    found = {cell.key: cell for cell in await store.cells(db, period.grain, span, of)}
    if by == TIME:
        for part in await _parts(db, period, of):
            found[str(part.starts)] = part
        keys = [str(part) for part in await _all_parts(db, period, of, today)]
    else:
        cells = await store.cells(db, period.grain, span, of, Dimension(by))
        found |= {cell.key: cell for cell in cells if any(cell.numbers[name] for name in TOLD)}
        keys = sorted(found.keys() - {ALL})
    concealed = await _concealed(db, asked, by, found, least)
    lines = {key: _line(key, found.get(key), concealed) for key in (*keys, ALL)}
    return Table(asked, by, [lines[key] for key in keys], lines[ALL])


def _line(key: str, cell: Cell | None, concealed: Hidden) -> Line:
    numbers = cell.numbers if cell else dict.fromkeys(TOLD, 0)
    return Line(key, {name: None if (key, ALL) in concealed[name] else int(numbers[name]) for name in TOLD})


async def _parts(db: Connection, period: Period, of: Slice, by: Dimension | None = None) -> Sequence[Cell]:
    """The cells of the parts of a period; days are not counted of every slice."""
    if period.parts is Grain.DAY and not of.has_days(by):
        return []
    return await store.cells(db, period.parts, (period.starts, period.ends), of, by)


async def _all_parts(db: Connection, period: Period, of: Slice, today: date) -> Sequence[date]:
    """Where the parts begin that a table has, those without any act between the others too."""
    if period.parts is Grain.DAY and not of.has_days():
        return []
    first = await store.first_day(db)
    return [] if first is None else list(period.starts_of_parts(first, today))


async def _concealed(db: Connection, asked: Asked, by: str, found: Mapping[str, Cell], least: int) -> Hidden:
    """What of a table with one column of numbers is hidden: by itself, and by the tables that its numbers stand in too.

    ST-3: a number that is hidden in the table of times and of the regions, programmes or substances beside it is hidden
    everywhere, and what is hidden of a period is hidden where the period is a part.
    """
    period, of = asked.period, asked.of
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for dimension in of.chosen:
        key = of.of(dimension)
        plane = await _plane(db, period, of.without(dimension), dimension, least)
        above = await _of_whole(db, period, of.without(dimension), dimension, least)
        for name in TOLD:
            if by == TIME:
                known[name] |= {(row, ALL) for row, column in plane[name] if column == key and row != ALL}
            known[name] |= {(ALL, ALL) for column in above[name] if column == key}
    if by != TIME:
        of_whole = await _of_whole(db, period, of, Dimension(by), least)
        for name in TOLD:
            known[name] |= {(column, ALL) for column in of_whole[name]}
    return {
        name: hidden({(key, ALL): int(cell.numbers[name]) for key, cell in found.items()}, least, known[name])
        for name in TOLD
    }


async def _plane(db: Connection, period: Period, of: Slice, by: Dimension, least: int) -> Hidden:
    """What is hidden in the table of the parts of a period and of a dimension, and in its totals."""
    above = await _of_above(db, period, of, by, least)
    cells = await _parts(db, period, of, by)
    found = {}
    for name in TOLD:
        table = with_totals({(str(cell.starts), cell.key): int(cell.numbers[name]) for cell in cells})
        found[name] = hidden(table, least, [(ALL, column) for column in above[name]])
    return found


async def _of_whole(
    db: Connection, period: Period, of: Slice, by: Dimension, least: int
) -> Mapping[str, frozenset[str]]:
    """What is hidden of a dimension in a period as a whole."""
    if period.above is not None:
        return await _of_above(db, period, of, by, least)
    plane = await _plane(db, period, of, by, least)
    return {name: frozenset(column for row, column in plane[name] if row == ALL) for name in TOLD}


async def _of_above(
    db: Connection, period: Period, of: Slice, by: Dimension, least: int
) -> Mapping[str, frozenset[str]]:
    """What of a period is hidden where it is a part."""
    if period.above is None:
        return dict.fromkeys(TOLD, frozenset())
    plane = await _plane(db, period.above, of, by, least)
    row = str(period.starts)
    return {name: frozenset(column for line, column in plane[name] if line == row) for name in TOLD}


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


async def periods(db: Connection, today: date) -> Sequence[Period]:
    """All that may be asked for: the whole, years, months, the newest first."""
    first = await store.first_day(db) or today
    found = [whole()]
    for number in range(today.year, first.year - 1, -1):
        year = Period(Grain.YEAR, date(number, 1, 1))
        found += [year, *reversed([month_of(each) for each in year.starts_of_parts(first, today)])]
    return found
