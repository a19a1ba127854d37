"""Operations of medical records."""

from . import approvals, changes, reads
from .registry import operations

__all__ = ["approvals", "changes", "operations", "reads"]
