"""Telling events: lines of the audit log that mean one are copied once, in the order of the chain."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.work import Work

from . import store
from .model import ASKED, KEPT, MEANINGS, ChangeEvent, Line, event_of
from .store import Told

BATCH = 5000
ROUNDS = 10  # of one turn: who is far behind lets others of the worker come in between
MOST_DELETED = 10_000  # of one turn: a country tells millions of events a day


async def tell(work: Work) -> None:
    """Copy what the chain has got since the last time.

    One reader goes on at a time. Whatever comes into the chain later is told with a later moment, so the hours before
    `until` are settled.
    """
    told = await store.told(work.db, lock=True)
    for _ in range(ROUNDS):
        last = await store.last_link(work.db, told.number, BATCH)
        if last is None:
            break
        found = await store.lines(work.db, told.number, last, MEANINGS)
        await store.add(work.db, await _events(work, found, told))
        told = Told(last, told.until)
    else:
        await store.go_on(work.db, told)
        return
    first = await store.first_pending(work.db)
    until = work.now if first is None else min(first, work.now)
    await store.go_on(work.db, Told(told.number, max(told.until, until)))


async def forget_old(work: Work) -> None:
    """Events are kept for a month."""
    await store.delete_old(work.db, work.now - KEPT, MOST_DELETED)


async def _events(work: Work, lines: Sequence[Line], told: Told) -> list[ChangeEvent]:
    asked = [UUID(each.resource_id) for each in lines if each.event in ASKED]
    values = await store.asked(work.db, asked) if asked else {}
    requests = [UUID(each.resource_id) for each in lines if MEANINGS[each.event].entity == "EmployeeRequest"]
    employees = await store.employees_of_requests(work.db, requests) if requests else {}
    return [
        event_of(
            each,
            told_until=told.until,
            asked=values.get(UUID(each.resource_id)),
            employee=employees.get(UUID(each.resource_id)),
        )
        for each in lines
    ]
