"""The law of the exceptions."""

from .events import Event

__all__ = ["Event"]
