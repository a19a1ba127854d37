"""Questions about the counters."""

from collections import defaultdict
from datetime import date, timedelta

from esoz.kernel.db import Connection
from esoz.kernel.spelling import name_order
from esoz.kernel.work import Work

from . import store
from .model import Counter, Day, Event, MainNumbers, Totals

_OF_PRESCRIPTIONS = (Counter.WRITTEN, Counter.REDEEMED, Counter.DISPENSED)


async def totals(db: Connection) -> Totals:
    """Prescriptions since the beginning."""
    sums = await store.sums(db)
    return Totals(*(sums.get(name, 0) for name in _OF_PRESCRIPTIONS))


async def by_day(db: Connection, days: int, today: date) -> list[Day]:
    """The last `days` days, today first; a day without prescriptions is there with zeros."""
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for row in await store.by_day(db, today - timedelta(days=days - 1), today):
        found[row["day"]][row["name"]] = row["value"]
    wanted = (today - timedelta(days=back) for back in range(days))
    return [Day(day, *(found[day].get(name, 0) for name in _OF_PRESCRIPTIONS)) for day in wanted]


async def by_region(db: Connection, first: date, last: date) -> dict[str, Totals]:
    """Prescriptions of a period by the region (область) of the clinic or the pharmacy."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await store.by_region(db, first, last):
        if row["name"] in _OF_PRESCRIPTIONS:
            found[row["region"]][row["name"]] = row["value"]
    return {
        region: Totals(*(found[region].get(name, 0) for name in _OF_PRESCRIPTIONS))
        for region in sorted(found, key=name_order)
    }


async def main_numbers(work: Work) -> MainNumbers:
    """How much there is now, for everyone."""
    work.record(Event.READ, "main")
    sums = await store.sums(work.db)
    places = await store.people_and_places(work.db)
    return MainNumbers(
        declarations=sums.get(Counter.DECLARATIONS, 0),
        **{name: places[name] for name in ("clinics", "doctors", "pharmacies", "pharmacists")},
        prescriptions_active=sums.get(Counter.ACTIVE, 0),
        prescriptions_completed=sums.get(Counter.COMPLETED, 0),
    )
