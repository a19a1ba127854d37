"""Prices of medicines, and which pharmacy has one at hand."""

from .api import operations

__all__ = ["operations"]
