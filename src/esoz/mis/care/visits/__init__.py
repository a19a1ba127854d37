"""Visits: recording what happened at an encounter, as one signed package."""

from .model import KIND

__all__ = ["KIND"]
