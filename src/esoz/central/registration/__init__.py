"""Registration of legal entities by their owners, and their end: what concerns both organisations and workers."""

from .api import operations
from .commands import merge

__all__ = ["merge", "operations"]
