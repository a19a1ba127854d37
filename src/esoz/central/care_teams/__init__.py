"""Care teams: which people of a clinic care for patients together."""

from .api import operations

__all__ = ["operations"]
