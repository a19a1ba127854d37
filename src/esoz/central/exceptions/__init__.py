"""Medicines handed over outside of electronic prescriptions: by paper, or where the war leaves no other way."""

from .api import operations

__all__ = ["operations"]
