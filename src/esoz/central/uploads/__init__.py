"""Scans that people hand in by a signed link, each below the request that waits for it."""

from .commands import abandon, close, expect, keep_taken, receive
from .model import EXPIRED, MOST_BYTES, NOT_JPEG, PATH, Closed, Expected, Missing, Place, is_jpeg, must_be_signed
from .periodic import periodic_tasks
from .queries import of_request, scan

__all__ = [
    "EXPIRED",
    "MOST_BYTES",
    "NOT_JPEG",
    "PATH",
    "Closed",
    "Expected",
    "Missing",
    "Place",
    "abandon",
    "close",
    "expect",
    "is_jpeg",
    "keep_taken",
    "must_be_signed",
    "of_request",
    "periodic_tasks",
    "receive",
    "scan",
]
