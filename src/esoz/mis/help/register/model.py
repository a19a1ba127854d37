"""How often central is asked what its register says of this workplace."""

from datetime import datetime, timedelta
from enum import StrEnum

ASKED_EVERY = timedelta(hours=1)


class Event(StrEnum):
    CHANGED = "register_entry.changed"


def is_due(asked_at: datetime | None, now: datetime) -> bool:
    """Whether to ask again: the answer is old, or a clock that was wrong says that it comes from the future."""
    return asked_at is None or not now - ASKED_EVERY < asked_at <= now
