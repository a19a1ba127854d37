"""What is counted, for which times, and what of it may be told."""

from .counters import (
    EVER,
    EVERY,
    EVERYTHING,
    NONE,
    Balance,
    Counter,
    DivisionNumbers,
    Event,
    MainNumbers,
    MonthNumbers,
    RegionNumbers,
    Total,
    Totals,
)
from .periods import Grain, Period, month_of, read_period, whole
from .slices import TOLD, Cell, Dimension, Numbers, Slice

__all__ = [
    "EVER",
    "EVERY",
    "EVERYTHING",
    "NONE",
    "TOLD",
    "Balance",
    "Cell",
    "Counter",
    "Dimension",
    "DivisionNumbers",
    "Event",
    "Grain",
    "MainNumbers",
    "MonthNumbers",
    "Numbers",
    "Period",
    "RegionNumbers",
    "Slice",
    "Total",
    "Totals",
    "month_of",
    "read_period",
    "whole",
]
