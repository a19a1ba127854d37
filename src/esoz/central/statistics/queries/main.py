"""Questions about the counters."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name
from esoz.kernel.work import Work

from .. import store
from ..model import (
    EVER,
    Balance,
    Cell,
    Dimension,
    DivisionNumbers,
    Event,
    Grain,
    MainNumbers,
    MonthNumbers,
    RegionNumbers,
    Slice,
    Total,
    Totals,
)

_NOTHING = Slice()
_EVER = EVER, date.max  # the driver says both as infinite


async def totals(db: Connection) -> Totals:
    """Prescriptions since the beginning."""
    found = await store.cells(db, Grain.EVER, _EVER, _NOTHING)
    return _totals(found[0]) if found else Totals(0, 0, 0)


def _totals(cell: Cell) -> Totals:
    return Totals(*(int(cell.numbers[name]) for name in ("written", "redeemed", "dispensed")))


async def main_numbers(work: Work) -> MainNumbers:
    """How much there is now, for everyone."""
    work.record(Event.READ, "main")
    sums = await store.sums(work.db)
    places = await store.people_and_places(work.db)
    return MainNumbers(
        declarations=sums.get(Total.DECLARATIONS, 0),
        **{name: places[name] for name in ("clinics", "doctors", "pharmacies", "pharmacists")},
        prescriptions_active=sums.get(Total.ACTIVE, 0),
        prescriptions_completed=sums.get(Total.COMPLETED, 0),
    )


async def by_regions(work: Work) -> Sequence[RegionNumbers]:
    """Every region of the country, by the alphabet."""
    work.record(Event.READ, "regions")
    counted = await store.cells(work.db, Grain.EVER, _EVER, _NOTHING, Dimension.REGION)
    found = {plain_name(cell.key): cell.numbers for cell in counted}
    rows = await store.by_region(work.db)
    here = [(row, found.get(plain_name(row["name"]), {})) for row in rows]
    return [
        RegionNumbers(**row, declared=int(told.get("declared", 0)), undeclared=int(told.get("undeclared", 0)))
        for row, told in here
    ]


async def of_division(work: Work, id: UUID) -> DivisionNumbers:
    """What there is in a division; one that is closed is NotFound."""
    row = await store.of_division(work.db, id)
    if row is None:
        raise NotFound()
    work.record(Event.READ, id)
    return DivisionNumbers(**row)


async def histogram(work: Work) -> Sequence[MonthNumbers]:
    """The present month and the twelve before it, the oldest first."""
    work.record(Event.READ, "histogram")
    cells = await store.cells(work.db, Grain.MONTH, (EVER, work.today), _NOTHING)
    first = work.today.replace(year=work.today.year - 1, day=1)
    months = [(first + timedelta(days=31 * number)).replace(day=1) for number in range(13)]
    declarations = balances(cells, months, ("declared",), ("undeclared",))
    prescriptions = balances(cells, months, ("written",), ("redeemed", "expired", "rejected"))
    return [MonthNumbers(*each) for each in zip(months, declarations, prescriptions, strict=True)]


def balances(
    cells: Sequence[Cell], months: Sequence[date], created: Sequence[str], closed: Sequence[str]
) -> Sequence[Balance]:
    """What began and ended in each of these months, one after another, on top of all that was before the first."""

    def counted(columns: Sequence[str], month: date) -> int:
        return sum(int(cell.numbers[name]) for cell in cells if cell.starts == month for name in columns)

    earlier = {cell.starts for cell in cells if cell.starts < months[0]}
    there = sum(counted(created, month) - counted(closed, month) for month in earlier)
    found = []
    for month in months:
        found.append(Balance(counted(created, month), counted(closed, month), there))
        there = found[-1].at_end
    return found
