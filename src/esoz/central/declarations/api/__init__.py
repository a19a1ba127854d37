"""Operations of declarations, for clinics and for the patients themselves."""

from . import cabinet, declarations, flat, own, requests, verification
from .registry import operations

__all__ = ["cabinet", "declarations", "flat", "operations", "own", "requests", "verification"]
