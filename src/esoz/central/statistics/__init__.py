"""Numbers that everyone may see: prescriptions by day, and the main counts of the system."""

from .api import operations
from .model import Day, Totals
from .queries import by_day, by_region, totals

__all__ = ["Day", "Totals", "by_day", "by_region", "operations", "totals"]
