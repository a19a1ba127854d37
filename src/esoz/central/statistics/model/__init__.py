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
from .load import Load, LoadBy, Loads, hidden_visits
from .periods import Grain, Period, month_of, read_period, whole
from .slices import TOLD, Cell, Dimension, Numbers, Slice
from .suppression import ALL, hidden, with_totals
from .told import Asked, Line, Table

__all__ = [
    "ALL",
    "EVER",
    "EVERY",
    "EVERYTHING",
    "NONE",
    "TOLD",
    "Asked",
    "Balance",
    "Cell",
    "Counter",
    "Dimension",
    "DivisionNumbers",
    "Event",
    "Grain",
    "Line",
    "Load",
    "LoadBy",
    "Loads",
    "MainNumbers",
    "MonthNumbers",
    "Numbers",
    "Period",
    "RegionNumbers",
    "Slice",
    "Table",
    "Total",
    "Totals",
    "hidden",
    "hidden_visits",
    "month_of",
    "read_period",
    "whole",
    "with_totals",
]
