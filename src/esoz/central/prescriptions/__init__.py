"""Prescriptions: drafts, prescriptions, dispenses."""

from .api import operations
from .periodic import periodic_tasks
from .queries.references import resolve_requests

__all__ = [
    "operations",
    "periodic_tasks",
    "resolve_requests",
]
