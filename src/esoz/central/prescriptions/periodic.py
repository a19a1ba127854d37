"""What ends by itself with time: drafts, prescriptions, holds, blocks. Every minute (CJ-1), in batches."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from esoz.kernel.work import Work

from .model import Event
from .store import dispenses, drafts, requests

BATCH = 500
EVERY = timedelta(minutes=1)

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def expire_drafts(work: Work) -> None:
    """End drafts that were not signed in half an hour (MR-13)."""
    _record(work, Event.DRAFT_EXPIRED, await drafts.expire(work.db, work.now, BATCH))


async def expire_dispenses(work: Work) -> None:
    """Let go of quantities held for ten minutes (MD-9)."""
    _record(work, Event.DISPENSE_EXPIRED, await dispenses.expire(work.db, work.now, BATCH))


async def expire_requests(work: Work) -> None:
    """End prescriptions the day after their last one (MR-16, BG-5)."""
    _record(work, Event.REQUEST_EXPIRED, await requests.expire(work.db, work.now, work.today, BATCH))


async def lift_blocks(work: Work) -> None:
    """Forget blocks whose end has come: nobody has to lift them."""
    _record(work, Event.REQUEST_UNBLOCKED, await requests.lift_blocks(work.db, work.now, BATCH))


def _record(work: Work, event: Event, ended: list[tuple[UUID, UUID]]) -> None:
    for id, person_id in ended:
        work.record(event, id, patient_id=person_id)


# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [
    ("expire medication request requests", EVERY, expire_drafts),
    ("expire medication dispenses", EVERY, expire_dispenses),
    ("expire medication requests", EVERY, expire_requests),
    ("lift ended blocks of medication requests", EVERY, lift_blocks),
]
