"""What the clock does: requests that nobody answered end, and those that are over are forgotten."""

from datetime import timedelta

from esoz.kernel.work import Work

from .model import Event
from .model import relationships as relationships_model
from .model import requests as requests_model
from .model.requests import KEEP_ENDED
from .store import confirmation, methods, papers, relationships, requests

AT_ONCE = 1000  # in one transaction; the rest waits for the next turn


async def end_requests(work: Work) -> None:
    """DC-26."""
    ended = await requests.cancel_ended(work.db, work.now, AT_ONCE)
    ended += await methods.cancel_ended(work.db, work.now, AT_ONCE)
    ended += await relationships.end_overdue(work.db, work.now, AT_ONCE)
    before = work.now - KEEP_ENDED
    forgotten = await requests.delete_ended(work.db, before, AT_ONCE)
    forgotten += await methods.delete_ended(work.db, before, AT_ONCE)
    forgotten += await relationships.delete_ended(work.db, before, AT_ONCE)
    forgotten += await papers.delete_ended(work.db, before, AT_ONCE)
    # The signed document says it all, and the person's record what holds today.
    forgotten += await confirmation.keep_signed(work.db, requests_model.FOLDER, "SIGNED", before, AT_ONCE)
    forgotten += await confirmation.keep_signed(work.db, relationships_model.FOLDER, "COMPLETED", before, AT_ONCE)
    if ended or forgotten:
        work.record(Event.ENDED, "", ended=ended, forgotten=forgotten)


periodic_tasks = (("person requests", timedelta(minutes=5), end_requests),)
