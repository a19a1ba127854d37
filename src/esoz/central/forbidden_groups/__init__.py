"""Forbidden groups: the register of codes and services whose records are shown to few."""

from .api import operations
from .cache import known_guarded
from .commands import import_forbidden_groups
from .model import Guarded
from .queries import names_of_groups
from .sources import read_forbidden_groups

__all__ = [
    "Guarded",
    "import_forbidden_groups",
    "known_guarded",
    "names_of_groups",
    "operations",
    "read_forbidden_groups",
]
