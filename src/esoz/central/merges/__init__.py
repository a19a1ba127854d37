"""Merge requests: somebody was recognised, and what was recorded of them becomes the person's."""

from .api import operations
from .periodic import periodic_tasks

__all__ = ["operations", "periodic_tasks"]
