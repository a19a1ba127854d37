"""Prescriptions: drafts, prescriptions, dispenses."""

from .api import operations
from .periodic import periodic_tasks
from .queries.named import named_prescriptions

__all__ = [
    "named_prescriptions",
    "operations",
    "periodic_tasks",
]
