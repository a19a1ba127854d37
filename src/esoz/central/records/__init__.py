"""The record of a patient: episodes, encounters and what encounters bring; the jobs that write it."""

from .api import operations
from .performers import performers
from .periodic import periodic_tasks
from .store import find_encounter, find_episode

__all__ = [
    "find_encounter",
    "find_episode",
    "operations",
    "performers",
    "periodic_tasks",
]
