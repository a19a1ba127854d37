"""Quantities and sums of money as tables keep them: one rounding, at the door, so that all reckoning is exact.

Programs reckon in floating point: the half of a package arrives as 0.30000000000000004.
"""

from decimal import ROUND_HALF_UP, Decimal

from .errors import Invalid
from .faults import Faults

UNIT, MONEY = Decimal("0.0001"), Decimal("0.01")  # the smallest part of a unit, of a hryvnia
LARGEST = 9_999_999_999  # ten digits before the point


def rounded(value: Decimal, part: Decimal = UNIT) -> Decimal:
    """The nearest multiple of the smallest part, halves away from zero, as the database rounds."""
    return value.quantize(part, ROUND_HALF_UP)


def amount_faults(entry: str, value: Decimal | None, *, may_be_zero: bool = True) -> Faults:
    """A number that is none of a quantity or a price: below zero, or larger than can be kept."""
    if value is None:
        return
    if not value.is_finite() or abs(value) > LARGEST:
        yield Invalid(entry, "number", f"expected the value to be <= {LARGEST}", [LARGEST])
    elif value < 0 or (not may_be_zero and rounded(value) == 0):
        yield Invalid(entry, "number", f"must be greater than {'or equal to ' if may_be_zero else ''}0", [0])
