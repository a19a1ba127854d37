"""Visits: recording what happened at an encounter, as one signed package."""

from .commands import begin_again
from .model import KEPT, KIND
from .store import delete_old_cards

__all__ = ["KEPT", "KIND", "begin_again", "delete_old_cards"]
