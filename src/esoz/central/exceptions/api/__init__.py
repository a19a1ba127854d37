"""Operations of the exceptions; none is published."""

from . import emergency, medications, paper, wholesale
from .registry import operations

__all__ = ["emergency", "medications", "operations", "paper", "wholesale"]
