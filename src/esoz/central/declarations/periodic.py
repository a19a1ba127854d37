"""What ends by itself: declarations and requests for them after their last moment (DC-26)."""

from datetime import timedelta

from esoz.kernel.work import Work

from .commands.declarations import close_ended
from .commands.requests import expire_requests, forget_requests

BATCH = 100  # of one transaction: others who wait for a person wait shortly


async def close_ended_declarations(work: Work) -> None:
    """Close a batch of declarations whose last day is over."""
    await close_ended(work, most=BATCH)


async def close_expired_requests(work: Work) -> None:
    """Close a batch of requests that nobody signed in time, and empty old ones."""
    await expire_requests(work, most=BATCH)
    await forget_requests(work, most=BATCH)


periodic_tasks = (
    ("ended declarations", timedelta(minutes=1), close_ended_declarations),
    ("requests for declarations", timedelta(minutes=1), close_expired_requests),
)
