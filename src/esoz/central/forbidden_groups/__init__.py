"""Forbidden groups: the register of codes and services whose records are shown to few."""

from .api import operations
from .commands import import_forbidden_groups
from .sources import read_forbidden_groups

__all__ = ["import_forbidden_groups", "operations", "read_forbidden_groups"]
