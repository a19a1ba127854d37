"""What ends by itself with time: referrals that nobody has taken. Every minute, in batches."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from esoz.central.care_plans import give_back
from esoz.kernel.work import Work

from . import store
from .model import Event

BATCH = 500

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def expire_requests(work: Work) -> None:
    """SR-12: the real system does it twice a night."""
    for id, person_id in await store.expire(work.db, work.now, BATCH):
        await give_back(work, person_id, id)
        work.record(Event.EXPIRED, id, patient_id=person_id)


# Name, interval, what to do: for the worker.
periodic_tasks: Sequence[tuple[str, timedelta, PeriodicTask]] = (
    ("expire service requests", timedelta(minutes=1), expire_requests),
)
