"""What the worker does for notices: every second it looks at those of which something is known now."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from . import commands, store

BATCH = 500
EVERY = timedelta(seconds=1)

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]


async def pass_on(work: Work) -> None:
    """End what was delivered, and ask the next way where one has failed or stays silent (NT-2)."""
    for notice in await store.due(work.db, work.now, BATCH):
        await commands.look_again(work, notice)


periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [("notices", EVERY, pass_on)]
