"""Telephones: a code by SMS proves that a number is in the hands of who names it."""

from .api import operations
from .commands import InvalidCode, NoTriesLeft, complete, start
from .model import Status, Verification, is_phone
from .periodic import periodic_tasks
from .store import is_verified
from .wire import verification as verification_shown

__all__ = [
    "InvalidCode",
    "NoTriesLeft",
    "Status",
    "Verification",
    "complete",
    "is_phone",
    "is_verified",
    "operations",
    "periodic_tasks",
    "start",
    "verification_shown",
]
