"""Numbers that everyone may see: prescriptions by time, region, programme and substance, and the main counts."""

from .api import operations
from .model import (
    ALL,
    TOLD,
    Asked,
    Dimension,
    Grain,
    Line,
    Load,
    LoadBy,
    Loads,
    Period,
    Slice,
    Table,
    Totals,
    month_of,
    read_period,
)
from .periodic import periodic_tasks
from .queries import TIME, Teller, choices, loads, read_slice, totals

__all__ = [
    "ALL",
    "TIME",
    "TOLD",
    "Asked",
    "Dimension",
    "Grain",
    "Line",
    "Load",
    "LoadBy",
    "Loads",
    "Period",
    "Slice",
    "Table",
    "Teller",
    "Totals",
    "choices",
    "loads",
    "month_of",
    "operations",
    "periodic_tasks",
    "read_period",
    "read_slice",
    "totals",
]
