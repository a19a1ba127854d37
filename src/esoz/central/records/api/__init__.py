"""Operations of medical records."""

from . import changes, emergency, own, reads
from .registry import operations

__all__ = ["changes", "emergency", "operations", "own", "reads"]
