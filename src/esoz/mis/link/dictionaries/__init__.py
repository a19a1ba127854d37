"""The local copy of central's dictionaries: its refreshing, and the search for pickers."""

from .commands import STALE, load, refresh
from .forms import FIND, found_options
from .store import newest

__all__ = ["FIND", "STALE", "found_options", "load", "newest", "refresh"]
