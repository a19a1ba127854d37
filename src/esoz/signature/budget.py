"""How much one container may cost: everything it makes us calculate is counted in one place.

A unit is about twenty microseconds with the C code: one RSA-2048 verification, two kilobytes of GOST 34.311.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Sixty-four honest signatures of DSTU 4145 with all their proofs cost half of it.
_UNITS = 30_000
# A document may be hashed by several algorithms, so a large one may cost more.
_BYTES_A_UNIT = 2048
_PASSES = 8


class Exhausted(Exception):
    """The budget is spent. No `SignatureError`: nothing in between may take it for one wrong signature and go on."""


_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """The budget of one container with its document, of so many bytes together."""
    token = _left.set([_UNITS + _PASSES * size // _BYTES_A_UNIT])
    try:
        yield
    finally:
        _left.reset(token)


def spend(units: int) -> None:
    """Count what is about to be calculated; outside of a container nothing is counted."""
    left = _left.get()
    if left is None:
        return
    left[0] -= units
    if left[0] < 0:
        raise Exhausted


def spend_on_bytes(size: int) -> None:
    """The same for a hash over so many bytes."""
    spend(1 + size // _BYTES_A_UNIT)
