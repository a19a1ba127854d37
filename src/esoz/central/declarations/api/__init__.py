"""Operations of declarations, for clinics and for the patients themselves."""

from . import declarations, requests, verification
from .registry import operations

__all__ = ["declarations", "operations", "requests", "verification"]
