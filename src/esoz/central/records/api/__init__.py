"""Operations of medical records."""

from . import changes, reads
from .registry import operations

__all__ = ["changes", "operations", "reads"]
