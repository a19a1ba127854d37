"""The contact centre: operators help a patient and see why something was refused."""

from .api import operations
from .commands import answer, look_up, open_case_of
from .model import ANSWER, Card, Case, Complaint, ComplaintStatus, OwnDeed, Reason, RefusalLine, TooManyFound
from .periodic import periodic_tasks
from .queries import card, case, complaint, complaints, open_cases

__all__ = [
    "ANSWER",
    "Card",
    "Case",
    "Complaint",
    "ComplaintStatus",
    "OwnDeed",
    "Reason",
    "RefusalLine",
    "TooManyFound",
    "answer",
    "card",
    "case",
    "complaint",
    "complaints",
    "look_up",
    "open_case_of",
    "open_cases",
    "operations",
    "periodic_tasks",
]
