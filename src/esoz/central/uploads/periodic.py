"""What never came is forgotten a month after its link has ended, a scan when nothing rests on it any more."""

from datetime import timedelta

from esoz.kernel import documents
from esoz.kernel.work import Work

from . import store
from .model import KEEP_UNANSWERED, Event

AT_ONCE = 200  # in one transaction; the rest waits for the next turn


async def forget_unanswered(work: Work) -> None:
    await store.delete_ended(work.db, work.now - KEEP_UNANSWERED)


async def forget_scans(work: Work) -> None:
    """DC-26. Row and object go together: an object whose row came back is deleted again."""
    await store.date_old(work.db, AT_ONCE)
    names = await store.take_due(work.db, work.now, AT_ONCE)
    if names:
        await documents.forget(work.db, work.dependencies.objects, names)
        work.record(Event.FORGOTTEN, "", forgotten=len(names))


periodic_tasks = (
    ("uploads that never came", timedelta(hours=6), forget_unanswered),
    ("scans whose time is over", timedelta(minutes=10), forget_scans),
)
