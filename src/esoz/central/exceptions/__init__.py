"""Medicines handed over outside of electronic prescriptions: without any, where the war leaves no other way."""

from .api import operations

__all__ = ["operations"]
