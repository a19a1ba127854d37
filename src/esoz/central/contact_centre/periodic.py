"""Small periodic works: old cases are forgotten."""

from datetime import timedelta

from esoz.kernel.work import Work

from . import store
from .model import KEEP, Event

BATCH = 500


async def forget_cases(work: Work) -> None:
    """CC-3: what an operator typed is kept as long as it may be asked about."""
    if gone := await store.forget_cases(work.db, work.now - KEEP, BATCH):
        work.record(Event.CASES_FORGOTTEN, "", count=gone)


periodic_tasks = (("cases of the contact centre", timedelta(minutes=10), forget_cases),)
