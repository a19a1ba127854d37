"""What is counted."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

# In the place of a region, a programme, a substance: all of them together, and none at all.
EVERY = "*"
EVERYTHING = UUID(int=0)
NONE = UUID(int=2**128 - 1)
EVER = date(1, 1, 1)  # where the sums since the beginning begin


class Event(StrEnum):
    READ = "statistics.read"


class Total(StrEnum):
    """How much there is now: declarations in force, prescriptions in a status."""

    DECLARATIONS = "declarations"
    ACTIVE = "request ACTIVE"
    COMPLETED = "request COMPLETED"


class Counter(StrEnum):
    """What happened on a day: names by which acts leave their lines (`count_act` of the database)."""

    WRITTEN = "written"
    REDEEMED = "redeemed"  # in full
    DISPENSED = "dispensed"  # acts of dispensing that were not taken back
    EXPIRED = "expired"
    REJECTED = "rejected"
    TAKEN_BACK = "taken back"
    DISPENSED_PAPER = "dispensed paper"
    DISPENSED_WAR = "dispensed war"
    SUPPLIED_WHOLESALE = "supplied wholesale"
    DECLARED = "declared"
    UNDECLARED = "undeclared"
    VISITS = "visits"

    @property
    def column(self) -> str:
        return self.value.replace(" ", "_")

    @property
    def is_of_prescriptions(self) -> bool:
        """Whether it has a programme and a substance."""
        return self not in {Counter.DECLARED, Counter.UNDECLARED, Counter.VISITS}


@dataclass(frozen=True, slots=True)
class Totals:
    """Prescriptions written, those redeemed in full, and acts of dispensing."""

    written: int
    redeemed: int
    dispensed: int


@dataclass(frozen=True, slots=True)
class MainNumbers:
    """How much there is now: declarations, who works where, prescriptions by status."""

    declarations: int
    clinics: int
    doctors: int
    pharmacies: int
    pharmacists: int
    prescriptions_active: int
    prescriptions_completed: int


@dataclass(frozen=True, slots=True)
class RegionNumbers:
    """How much there is in a region (область) now, and declarations that ever began and ended there."""

    id: UUID
    name: str
    declared: int
    undeclared: int
    clinics: int
    doctors: int
    pharmacies: int
    pharmacists: int


@dataclass(frozen=True, slots=True)
class DivisionNumbers:
    """How much there is in a division now."""

    id: UUID
    name: str
    declarations: int
    clinics: int
    doctors: int
    prescriptions_active: int
    prescriptions_completed: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What began and ended in a month, and how much there was at both ends of it."""

    created: int
    closed: int
    at_start: int

    @property
    def at_end(self) -> int:
        return self.at_start + self.created - self.closed


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """Declarations and prescriptions of a month."""

    month: date
    declarations: Balance
    prescriptions: Balance
