"""Questions about the counters."""

from .load import loads
from .main import by_regions, histogram, main_numbers, of_division, totals
from .told import TIME, Teller, choices, read_slice

__all__ = [
    "TIME",
    "Teller",
    "by_regions",
    "choices",
    "histogram",
    "loads",
    "main_numbers",
    "of_division",
    "read_slice",
    "totals",
]
