"""What everybody may look up: who treats where, and whether they have a place for one more patient."""

from .api import operations

__all__ = ["operations"]
