"""Operations of declarations, for clinics and for the patients themselves."""

from . import declarations, own, requests, verification
from .registry import operations

__all__ = ["declarations", "operations", "own", "requests", "verification"]
