"""Questions about the counters."""

from datetime import date, timedelta

from esoz.kernel.db import Connection
from esoz.kernel.work import Work

from . import store
from .model import EVER, Cell, Dimension, Event, Grain, MainNumbers, Slice, Total, Totals

_NOTHING = Slice()


async def totals(db: Connection) -> Totals:
    """Prescriptions since the beginning."""
    found = await store.cells(db, Grain.EVER, (EVER, EVER), _NOTHING)
    return _totals(found[0]) if found else Totals(0, 0, 0)


async def by_day(db: Connection, days: int, today: date) -> dict[date, Totals]:
    """The last `days` days, today first; a day without prescriptions is there with zeros."""
    first = today - timedelta(days=days - 1)
    found = {cell.starts: cell for cell in await store.cells(db, Grain.DAY, (first, today), _NOTHING)}
    wanted = (today - timedelta(days=back) for back in range(days))
    return {day: _totals(found[day]) if day in found else Totals(0, 0, 0) for day in wanted}


async def by_region(db: Connection, day: date) -> dict[str, Totals]:
    """Prescriptions of a day by the region (область) of the clinic or the pharmacy."""
    found = await store.cells(db, Grain.DAY, (day, day), _NOTHING, Dimension.REGION)
    return {cell.key: _totals(cell) for cell in found}


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
