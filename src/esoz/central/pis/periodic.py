"""Small periodic works: tokens of those who may no longer speak for somebody end."""

from datetime import timedelta

from esoz.kernel.work import Work

from . import store
from .model import Event

MOST_BATCHES = 20  # of 500 rows in one turn, so that a turn stays short


async def end_tokens_without_relation(work: Work) -> None:
    """A confidant keeps the token no longer than the right: papers end, children grow up, relations are taken back."""
    for _ in range(MOST_BATCHES):
        count = await store.end_tokens_without_relation(work.db, work.today, work.now)
        if count:
            work.record(Event.TOKENS_ENDED, "", count=count)
        if count < store.BATCH:
            return


periodic_tasks = (("tokens of confidants", timedelta(minutes=5), end_tokens_without_relation),)
