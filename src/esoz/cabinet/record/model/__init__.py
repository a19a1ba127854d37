"""A medical record as a patient reads it."""

from .kinds import KIND_OF_PATH, KINDS, SHOWN_FIRST, Detail, Kind
from .lines import Event, Line, Visit
from .words import Words

__all__ = ["KINDS", "KIND_OF_PATH", "SHOWN_FIRST", "Detail", "Event", "Kind", "Line", "Visit", "Words"]
