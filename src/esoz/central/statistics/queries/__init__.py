"""Questions about the counters."""

from .main import by_day, by_region, by_regions, histogram, main_numbers, of_division, totals
from .told import TIME, choices, periods, read_slice, told

__all__ = [
    "TIME",
    "by_day",
    "by_region",
    "by_regions",
    "choices",
    "histogram",
    "main_numbers",
    "of_division",
    "periods",
    "read_slice",
    "told",
    "totals",
]
