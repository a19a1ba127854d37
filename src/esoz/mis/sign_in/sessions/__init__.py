"""The user's sessions, and the lock of the screen."""

from .commands import unlock
from .model import LOCK

__all__ = ["LOCK", "unlock"]
