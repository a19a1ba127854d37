"""Whether an audit log is whole: every line stands in the chain as it was written, and the chain is the one that was
sealed.

Nothing is asked here: links come from a database or from an exported file, in the order of their numbers.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from .audit import GENESIS

MOST_TOLD = 1000  # faults that are kept with their words; all of them are counted

# Number, hash and the hashed bytes of its line; None when there is no such line.
Link: TypeAlias = tuple[int, bytes, bytes | None]


class Flaw(StrEnum):
    """What is wrong with a log."""

    CHANGED = "changed"  # a line, its link or their order is not what was chained
    MISSING = "missing"  # a link without its line
    GAP = "gap"  # links are gone
    REPEATED = "repeated"  # links out of their order
    CUT = "cut off"  # the chain ends before a line that was sealed
    REWRITTEN = "rewritten"  # the chain is another one than was sealed
    OUTSIDE = "outside"  # a line in no link, and none is due to it
    SEAL = "seal"  # an anchor that the seal has not signed


@dataclass(frozen=True, slots=True)
class Fault:
    """One flaw, at which line of the chain (0: at none), and what of it."""

    flaw: Flaw
    number: int
    what: str = ""

    def __str__(self) -> str:
        place = f"line {self.number}: " if self.number else ""
        return f"{place}{self.flaw}{f' ({self.what})' if self.what else ''}"


@dataclass(slots=True)
class Examination:
    """Walks along a chain. `anchors`: sealed hashes by the number of their last line."""

    anchors: Mapping[int, bytes]
    number: int = 0
    hash: bytes = GENESIS
    faults: list[Fault] = field(default_factory=list)
    count: int = 0  # of all faults

    @property
    def anchored(self) -> int:
        """Up to which line the walked chain is sealed."""
        return max((number for number in self.anchors if number <= self.number), default=0)

    def take(self, links: Iterable[Link]) -> None:
        """The next links. A fault does not hide the ones behind it: each link is judged by the stored one before."""
        sha, anchors = hashlib.sha256, self.anchors
        number, previous = self.number, self.hash
        for found, hash, line in links:
            number += 1
            if found != number:
                self._jump(number, found)
                if found < number:
                    number -= 1
                    continue
                number = found
                if line is None:
                    self.note(Flaw.MISSING, number)
            elif line is None:
                self.note(Flaw.MISSING, number)
            elif sha(previous + line).digest() != hash:
                self.note(Flaw.CHANGED, number)
            if number in anchors and anchors[number] != hash:
                self.note(Flaw.REWRITTEN, number, "at this line or before, back to the last anchor that fits")
            previous = hash
        self.number, self.hash = number, previous

    def _jump(self, expected: int, found: int) -> None:
        if found < expected:
            self.note(Flaw.REPEATED, found)
            return
        self.note(Flaw.GAP, expected, f"up to {found - 1}")
        for number in self.anchors:
            if expected <= number < found:
                self.note(Flaw.REWRITTEN, number, "a sealed line is gone")

    def end(self) -> None:
        """No links are left: what was sealed behind them is gone."""
        newest = max(self.anchors, default=0)
        if newest > self.number:
            self.note(Flaw.CUT, self.number + 1, f"up to {newest}")

    def note(self, flaw: Flaw, number: int = 0, what: str = "") -> None:
        """One more fault."""
        self.count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(Fault(flaw, number, what))
