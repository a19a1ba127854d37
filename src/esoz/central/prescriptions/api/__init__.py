"""The operations of prescriptions."""

from . import cabinet, dispenses, drafts, registers, requests
from .registry import operations

__all__ = ["cabinet", "dispenses", "drafts", "operations", "registers", "requests"]
