"""What everybody may be told: tables in which numbers too small stand hidden, as None."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .counters import Counter
from .periods import Period
from .slices import TOLD, Slice

Told = Mapping[str, int | None]  # by columns; None is hidden

SHARE_PLACES = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Which numbers, of which time."""

    period: Period
    of: Slice


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the period, one region, programme or substance."""

    key: str
    numbers: Told

    @property
    def share(self) -> float | None:
        """How many of a hundred written were redeemed in full; none where either is hidden, or nothing was written."""
        written, redeemed = self.numbers[Counter.WRITTEN.column], self.numbers[Counter.REDEEMED.column]
        return None if not written or redeemed is None else round(100 * redeemed / written, SHARE_PLACES)


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers of a slice in a period, told apart `by` something, with those of all of them."""

    asked: Asked
    by: str
    lines: Sequence[Line]
    total: Line

    @property
    def hides(self) -> bool:
        return any(line.numbers[name] is None for line in (*self.lines, self.total) for name in TOLD)

    @property
    def counted(self) -> Sequence[str]:
        """Columns that are not all zero, and the first three in any case."""
        some = {name for line in (*self.lines, self.total) for name in TOLD if line.numbers[name] != 0}
        return [name for place, name in enumerate(TOLD) if place < 3 or name in some]
