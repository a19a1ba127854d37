"""What ends by itself with time: care plans whose period is over. Every minute, in batches."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from . import store
from .model import Event

BATCH = 500

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def terminate_plans(work: Work) -> None:
    """CP-14."""
    for id, person_id in await store.terminate(work.db, work.now, BATCH):
        work.record(Event.TERMINATED, id, patient_id=person_id)


# Name, interval, what to do: for the worker.
periodic_tasks: Sequence[tuple[str, timedelta, PeriodicTask]] = (
    ("terminate care plans", timedelta(minutes=1), terminate_plans),
)
