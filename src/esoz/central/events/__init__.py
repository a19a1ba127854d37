"""Events: which records changed their state, told to systems that follow them."""

from .api import operations
from .commands import tell
from .periodic import periodic_tasks

__all__ = ["operations", "periodic_tasks", "tell"]
