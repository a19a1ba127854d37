"""Change of own data: the new data, scans where they are asked for, the signature, the history."""

from .model import NO_SCAN, is_scan

__all__ = ["NO_SCAN", "is_scan"]
