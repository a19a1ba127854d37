"""What ends by itself with time: drafts, prescriptions, holds, blocks. Every minute (CJ-1), in batches."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from esoz.central.care_plans import give_back
from esoz.kernel.work import Work

from .commands.notices import announce
from .model import Event
from .model.dispenses import taken_quantity
from .model.requests import Status
from .model.series import may_be_announced
from .store import dispenses, drafts, requests, series

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
    ended = await requests.expire(work.db, work.now, work.today, BATCH)
    for id, person_id in ended:
        earlier = await dispenses.of_request(work.db, person_id, id)
        await give_back(work, person_id, id, spent=taken_quantity(earlier, work.now))
    _record(work, Event.REQUEST_EXPIRED, ended)


async def lift_blocks(work: Work) -> None:
    """Forget blocks whose end has come: nobody has to lift them."""
    _record(work, Event.REQUEST_UNBLOCKED, await requests.lift_blocks(work.db, work.now, BATCH))


async def announce_series(work: Work) -> None:
    """Tell patients number and code of a prescription of a series on its first day (MR-24)."""
    if not may_be_announced(work.now):
        return
    for request in await series.take_due(work.db, work.today, BATCH):
        if request.status_on(work.today) is Status.ACTIVE and await announce(work, request):
            work.record(Event.REQUEST_ANNOUNCED, request.id, patient_id=request.person_id)


def _record(work: Work, event: Event, ended: list[tuple[UUID, UUID]]) -> None:
    for id, person_id in ended:
        work.record(event, id, patient_id=person_id)


# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [
    ("expire medication request requests", EVERY, expire_drafts),
    ("expire medication dispenses", EVERY, expire_dispenses),
    ("expire medication requests", EVERY, expire_requests),
    ("tell codes of series", EVERY, announce_series),
    ("lift ended blocks of medication requests", EVERY, lift_blocks),
]
