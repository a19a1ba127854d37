"""The only reader of the MOVES tables: may a record go from one status to another."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from .errors import Conflict

S = TypeVar("S", bound=StrEnum)

Moves = Mapping[S, frozenset[S]]


def move(moves: Moves[S], current: S, target: S, *, message: str = "") -> S:
    """Return `target` when the table allows the move; raise Conflict with the published text otherwise."""
    if target in moves[current]:
        return target
    raise Conflict(message or f"Status transition from {current} to {target} is not allowed")
