"""The operations of prescriptions."""

from . import cabinet, dispenses, drafts, requests
from .registry import operations

__all__ = ["cabinet", "dispenses", "drafts", "operations", "requests"]
