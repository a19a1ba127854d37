"""What the worker does for statistics by the clock: acts that left their lines become sums, older rows are counted."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from .store import counting

BATCH = 5000
OLDER = 2000  # rows of before statistics by substance in one turn; acts on such rows wait as long
EVERY = timedelta(seconds=2)

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def fold(work: Work) -> None:
    """Add what acts have left to the sums. Questions are exact before and after."""
    await counting.fold(work.db, BATCH)


async def fill(work: Work) -> None:
    """Count the next rows that stood there before."""
    source = await counting.unfilled(work.db)
    if source is not None:
        await counting.fill(work.db, source, OLDER)


# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [
    ("fold statistics", EVERY, fold),
    ("count the past", EVERY, fill),
]
