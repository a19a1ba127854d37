"""What happens to approvals by itself with time."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel.work import Work

from .commands import delete_unanswered_approvals

PeriodicTask: TypeAlias = Callable[[Work], Awaitable[None]]

# Name, interval, what to do: for the worker.
periodic_tasks: Sequence[tuple[str, timedelta, PeriodicTask]] = (
    ("unanswered approvals", timedelta(hours=1), delete_unanswered_approvals),
)
