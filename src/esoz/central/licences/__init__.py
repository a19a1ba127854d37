"""Additional licenses of legal entities; the primary one is a part of its registration."""

from .api import operations
from .commands import create
from .model import LicenseDetails, LicenseRecord
from .store import find_license, has_license_in_force

__all__ = ["LicenseDetails", "LicenseRecord", "create", "find_license", "has_license_in_force", "operations"]
