"""Answers of central that our code cannot read: a failed attempt like any other, never a fault of a page or a task."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from .errors import CentralUnreadable

# What reading a value of another type, or one that is not there, ends with.
FAULTS = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError, msgspec.MsgspecError)

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


def note_answer(path: str) -> None:
    """Central has answered: what is read from here on may be unreadable."""
    heard = _heard.get()
    if heard is not None:
        heard.append(path)


@contextmanager
def understanding(*more: type[Exception]) -> Iterator[None]:
    """Around what asks central and reads its answers: a fault of reading becomes CentralUnreadable.

    Without an answer in it a fault is our own, and stays. `more`: further faults that reading may end with here.
    """
    faults: tuple[type[Exception], ...] = (*FAULTS, *more)
    heard: list[str] = []
    before = _heard.get()
    mark = _heard.set(heard)
    try:
        yield
    except faults as fault:
        if not heard:
            raise
        raise CentralUnreadable(f"{heard[-1]}: {type(fault).__name__}") from fault
    finally:
        _heard.reset(mark)
        if before is not None:
            before += heard


def understood(act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """The same act, whose faults of reading are CentralUnreadable: for works beside pages."""

    async def acting() -> None:
        with understanding():
            await act()

    return acting
