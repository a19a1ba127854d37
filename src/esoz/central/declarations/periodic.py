"""What ends by itself: declarations and requests for them after their last moment (DC-26)."""

from datetime import timedelta

from esoz.kernel.work import Work

from .commands.declarations import close_ended, end_of_gone
from .commands.requests import expire_requests, forget_requests
from .commands.verification import verify_old

BATCH = 100  # of one transaction: others who wait for a person wait shortly


async def close_ended_declarations(work: Work) -> None:
    """Close a batch of declarations whose last day is over."""
    await close_ended(work, most=BATCH)


async def end_declarations_of_gone(work: Work) -> None:
    """End a batch of declarations of people who died or were merged away (DC-24)."""
    await end_of_gone(work, most=BATCH)


async def verify_old_declarations(work: Work) -> None:
    """Take a batch of declarations on paper that nobody looked at in time (DC-25)."""
    await verify_old(work, most=BATCH)


async def close_expired_requests(work: Work) -> None:
    """Close a batch of requests that nobody signed in time, and empty old ones."""
    await expire_requests(work, most=BATCH)
    await forget_requests(work, most=BATCH)


periodic_tasks = (
    ("ended declarations", timedelta(minutes=1), close_ended_declarations),
    ("declarations of people who are gone", timedelta(minutes=10), end_declarations_of_gone),
    ("declarations on paper", timedelta(minutes=10), verify_old_declarations),
    ("requests for declarations", timedelta(minutes=1), close_expired_requests),
)
