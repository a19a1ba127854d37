"""The local copy of central's dictionaries: choices of forms, words for codes, search for pickers."""

from .cache import Choice, Dictionaries, plain
from .commands import STALE, load, refresh
from .forms import FIND, found_options
from .store import newest

__all__ = ["FIND", "STALE", "Choice", "Dictionaries", "found_options", "load", "newest", "plain", "refresh"]
