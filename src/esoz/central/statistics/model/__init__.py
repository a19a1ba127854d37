"""What is counted, for which times, and what of it may be told."""

from .counters import EVER, EVERY, EVERYTHING, NONE, Counter, Event, MainNumbers, Total, Totals
from .periods import Grain, Period, month_of, read_period, whole
from .slices import TOLD, Cell, Dimension, Numbers, Slice

__all__ = [
    "EVER",
    "EVERY",
    "EVERYTHING",
    "NONE",
    "TOLD",
    "Cell",
    "Counter",
    "Dimension",
    "Event",
    "Grain",
    "MainNumbers",
    "Numbers",
    "Period",
    "Slice",
    "Total",
    "Totals",
    "month_of",
    "read_period",
    "whole",
]
