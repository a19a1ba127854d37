"""The user's sessions, and the lock of the screen."""

from .commands import unlock

__all__ = ["unlock"]
