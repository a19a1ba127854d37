"""Small periodic works: codes that are over become expired, old ones are deleted."""

from datetime import timedelta

from esoz.kernel.work import Work

from . import store
from .model import KEEP


async def expire(work: Work) -> None:
    """OT-7."""
    await store.expire(work.db, work.now)
    await store.delete_old(work.db, work.now - KEEP)


periodic_tasks = (("verifications", timedelta(minutes=1), expire),)
