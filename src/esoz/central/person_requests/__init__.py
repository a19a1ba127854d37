"""Requests to register a person or to change their data, from the clinic to the signed form."""

from .api import operations
from .periodic import periodic_tasks

__all__ = ["operations", "periodic_tasks"]
