"""Visits: recording what happened at an encounter, as one signed package."""

from .commands import begin_again
from .model import KIND

__all__ = ["KIND", "begin_again"]
