"""The operations of prescriptions."""

from . import cabinet, dispenses, drafts, plans, requests
from .registry import operations

__all__ = ["cabinet", "dispenses", "drafts", "operations", "plans", "requests"]
