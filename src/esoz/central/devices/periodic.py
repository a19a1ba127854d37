"""What ends by itself with time: holds. Every minute, in batches."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from .model import Event
from .model.dispenses import HOLD
from .store import dispenses

BATCH = 500
EVERY = timedelta(minutes=1)

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def stop_dispenses(work: Work) -> None:
    """Let go of quantities held for ten minutes (DVD-6)."""
    for id, person_id in await dispenses.stop_old(work.db, work.now, work.now - HOLD, BATCH):
        work.record(Event.DISPENSE_STOPPED, id, patient_id=person_id)


# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [("stop device dispenses", EVERY, stop_dispenses)]
