"""What is counted."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Event(StrEnum):
    READ = "statistics.read"


class Counter(StrEnum):
    """Names of counters; those of statuses tell how many prescriptions are in each now."""

    WRITTEN = "written"
    REDEEMED = "redeemed"
    DISPENSED = "dispensed"
    DISPENSED_PAPER = "dispensed paper"  # by a blank of paper
    DISPENSED_WAR = "dispensed war"  # without any prescription
    DECLARATIONS = "declarations"
    ACTIVE = "request ACTIVE"
    COMPLETED = "request COMPLETED"


@dataclass(frozen=True, slots=True)
class Totals:
    """Prescriptions written, those redeemed in full, and acts of dispensing."""

    written: int
    redeemed: int
    dispensed: int


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day in Kyiv."""

    day: date
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
