"""An act in a transaction, begun anew when another stood in its way or somebody outside must be asked first."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from . import admission
from .errors import AlreadyExists, rejected
from .outages import IN_THE_WAY, OUTAGES, unavailable
from .work import NeedsExternal

T = TypeVar("T")

RETRIES = 3  # a deadlock or a serialisation failure is ours to repeat, not the caller's
QUESTIONS = 5  # how often an act may begin anew because somebody outside must be asked
NO_TEXT = "the character NUL is not allowed in texts"


async def retrying(act: Callable[[], Awaitable[T]]) -> T:
    """Perform `act`, which opens its transaction by itself, so that each time it begins with a new one.

    Raises what it raises; of the database's own faults AlreadyExists, Rejected for a text that it cannot hold, and
    Unavailable when it cannot be reached, or others stood in the way again and again.
    """
    try:
        return await asking(lambda: _repeating(act))
    except asyncpg.UniqueViolationError as fault:
        raise AlreadyExists() from fault
    except (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError) as fault:
        raise rejected("$", NO_TEXT) from fault
    except (*OUTAGES, *IN_THE_WAY) as fault:
        if isinstance(fault, ValueError):
            raise
        raise unavailable() from fault


async def asking(act: Callable[[], Awaitable[T]]) -> T:
    """Perform; when somebody outside must be asked first, ask while no transaction is open, and begin anew.

    Meanwhile somebody else has the place of the request. Raises Unavailable when there is no end to the questions.
    """
    for _ in range(QUESTIONS):
        try:
            return await act()
        except NeedsExternal as need:
            async with admission.elsewhere():
                await need.asking()
    raise unavailable()


async def _repeating(act: Callable[[], Awaitable[T]]) -> T:
    """Perform; what only stood in the way of another is repeated."""
    for attempt in range(RETRIES):
        try:
            return await act()
        except IN_THE_WAY:
            if attempt == RETRIES - 1:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")
