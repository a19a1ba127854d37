"""What the worker does for events by the clock."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from . import commands

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]

# Name, interval, what to do: for the worker.
periodic_tasks: list[tuple[str, timedelta, PeriodicTask]] = [
    ("tell events", timedelta(seconds=2), commands.tell),
    ("forget old events", timedelta(minutes=1), commands.forget_old),
]
