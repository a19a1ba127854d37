"""Operations of medical records."""

from . import changes, reads
from .operations import operations

__all__ = ["changes", "operations", "reads"]
