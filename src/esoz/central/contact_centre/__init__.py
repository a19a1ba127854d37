"""The contact centre: operators help a patient and see why something was refused."""

from .commands import look_up
from .model import NOTE, Card, Case, Reason, RefusalLine, TooManyFound
from .periodic import periodic_tasks
from .queries import card, case, open_cases

__all__ = [
    "NOTE",
    "Card",
    "Case",
    "Reason",
    "RefusalLine",
    "TooManyFound",
    "card",
    "case",
    "look_up",
    "open_cases",
    "periodic_tasks",
]
