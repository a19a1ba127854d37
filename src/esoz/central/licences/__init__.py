"""Additional licenses of legal entities; the primary one is a part of its registration."""

from .api import operations
from .model import LicenseRecord
from .store import find_license

__all__ = ["LicenseRecord", "find_license", "operations"]
