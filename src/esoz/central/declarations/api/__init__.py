"""Operations of declarations, for clinics and for the patients themselves."""

from . import declarations, flat, own, requests, verification
from .registry import operations

__all__ = ["declarations", "flat", "operations", "own", "requests", "verification"]
