"""What ends by itself: declarations after their last day (DC-26)."""

from datetime import timedelta

from esoz.kernel.work import Work

from .commands.declarations import close_ended

BATCH = 100  # of one transaction: others who wait for a person wait shortly


async def close_ended_declarations(work: Work) -> None:
    """Close a batch of declarations whose last day is over."""
    await close_ended(work, most=BATCH)


periodic_tasks = (("ended declarations", timedelta(minutes=1), close_ended_declarations),)
