"""What never came is forgotten a month after its link has ended."""

from datetime import timedelta

from esoz.kernel.work import Work

from . import store
from .model import KEEP_UNANSWERED


async def forget_unanswered(work: Work) -> None:
    await store.delete_ended(work.db, work.now - KEEP_UNANSWERED)


periodic_tasks = (("uploads that never came", timedelta(hours=6), forget_unanswered),)
