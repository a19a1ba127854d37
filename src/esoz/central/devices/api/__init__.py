"""The operations of devices on prescription."""

from . import changes, dispenses, own, requests
from .registry import operations

__all__ = ["changes", "dispenses", "operations", "own", "requests"]
