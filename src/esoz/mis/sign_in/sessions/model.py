"""What the lock of the screen is called in the session and in the audit log."""

from enum import StrEnum

LOCKED = "locked"  # in the session: nothing but the page of the lock opens
LOCK = "/lock"  # POST
PAGE = "/locked"


class Event(StrEnum):
    LOCKED = "screen.locked"
    UNLOCKED = "screen.unlocked"
