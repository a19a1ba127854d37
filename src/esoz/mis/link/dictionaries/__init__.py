"""The local copy of central's dictionaries: its refreshing."""

from .commands import STALE, load, refresh
from .forms import FIND
from .store import newest

__all__ = ["FIND", "STALE", "load", "newest", "refresh"]
