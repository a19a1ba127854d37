"""Numbers that everyone may see: prescriptions by day, and the main counts of the system."""

from .api import operations
from .model import Totals
from .periodic import periodic_tasks
from .queries import by_day, by_region, totals

__all__ = ["Totals", "by_day", "by_region", "operations", "periodic_tasks", "totals"]
