"""Approvals: a patient lets a doctor read what is named, by a code that was sent to their phone."""

from .api import operations
from .model import EPISODE, EPISODES, Opened
from .periodic import periodic_tasks
from .queries import has_declaration, opened_to_caller

__all__ = [
    "EPISODE",
    "EPISODES",
    "Opened",
    "has_declaration",
    "opened_to_caller",
    "operations",
    "periodic_tasks",
]
