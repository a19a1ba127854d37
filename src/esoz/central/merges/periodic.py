"""What the worker does for merge requests by the clock."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from . import commands

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]

# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [
    ("expire merge requests", timedelta(minutes=10), commands.expire_requests),
    ("wipe finished merge requests", timedelta(hours=1), commands.wipe_finished),
]
