"""Operations of the exceptions; none is published."""

from . import emergency, medications, paper
from .registry import operations

__all__ = ["emergency", "medications", "operations", "paper"]
