"""Operations of the exceptions; none is published."""

from . import emergency, medications
from .registry import operations

__all__ = ["emergency", "medications", "operations"]
