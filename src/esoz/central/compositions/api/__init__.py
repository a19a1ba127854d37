"""Operations of medical conclusions."""

from . import changes, named, own, reads
from .registry import operations

__all__ = ["changes", "named", "operations", "own", "reads"]
