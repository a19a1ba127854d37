"""An act in a transaction, begun anew when another stood in its way or somebody outside must be asked first."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from . import admission, logs
from .errors import AlreadyExists, Problem, rejected
from .json_body import NO_TEXT
from .outages import IN_THE_WAY, OUTAGES, unavailable
from .work import NeedsExternal

T = TypeVar("T")

DRAWN = "_drawn"
RETRIES = 3  # a deadlock or a serialisation failure is ours to repeat, not the caller's
# What the database will not keep because of what it was given.
REFUSED = (asyncpg.UniqueViolationError, asyncpg.DataError, asyncpg.ProgramLimitExceededError)
TOO_LARGE = "a value is larger than can be kept"
QUESTIONS = 5  # how often an act may begin anew because somebody outside must be asked


async def retrying(act: Callable[[], Awaitable[T]]) -> T:
    """Perform `act`, which opens its transaction by itself, so that each time it begins with a new one.

    Raises what it raises; of the database's own faults AlreadyExists, Rejected for a value that it cannot hold, and
    Unavailable when it cannot be reached, or others stood in the way again and again.
    """
    try:
        return await asking(lambda: repeating(act))
    except REFUSED as fault:
        raise refusal_of(fault) from fault
    except (*OUTAGES, *IN_THE_WAY) as fault:
        if isinstance(fault, ValueError):
            raise
        raise unavailable() from fault


def refusal_of(fault: Exception) -> Problem:
    """What a caller is told of a fault that is one of REFUSED."""
    if isinstance(fault, asyncpg.UniqueViolationError):
        return AlreadyExists()
    if isinstance(fault, asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError):
        return rejected("$", NO_TEXT)
    # The last net: a rule should have named the field, so who operates learns that one is missing.
    logs.exception("a value that no rule refused", fault)
    return rejected("$", TOO_LARGE, rule="length")


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


async def repeating(act: Callable[[], Awaitable[T]]) -> T:
    """Perform; what only stood in the way of another is repeated. Raises what stood there again and again."""
    for attempt in range(RETRIES):
        try:
            return await act()
        except (asyncpg.UniqueViolationError, *IN_THE_WAY) as fault:
            if attempt == RETRIES - 1 or not _may_pass(fault):
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _may_pass(fault: Exception) -> bool:
    """What was drawn by chance is another the next time: constraints on such values are named so."""
    return not isinstance(fault, asyncpg.UniqueViolationError) or (fault.constraint_name or "").endswith(DRAWN)
