"""Operations of medical records."""

from . import changes, own, reads
from .registry import operations

__all__ = ["changes", "operations", "own", "reads"]
