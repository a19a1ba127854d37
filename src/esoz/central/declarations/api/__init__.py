"""Operations of declarations, for clinics and for the patients themselves."""

from . import declarations as declarations
from .registry import operations

__all__ = ["operations"]
