"""Questions about the counters."""

from .main import by_day, by_region, by_regions, histogram, main_numbers, of_division, totals

__all__ = [
    "by_day",
    "by_region",
    "by_regions",
    "histogram",
    "main_numbers",
    "of_division",
    "totals",
]
