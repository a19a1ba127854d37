"""The contact centre: operators help a patient and see why something was refused."""

from .api import operations
from .commands import answer, ask_for_papers, judge_papers, look_up, open_case_of, open_case_of_papers
from .model import ANSWER, Card, Case, Complaint, ComplaintStatus, Judgement, OwnDeed, Reason, RefusalLine, TooManyFound
from .periodic import periodic_tasks
from .queries import card, case, complaint, complaints, open_cases, papers, scan

__all__ = [
    "ANSWER",
    "Card",
    "Case",
    "Complaint",
    "ComplaintStatus",
    "Judgement",
    "OwnDeed",
    "Reason",
    "RefusalLine",
    "TooManyFound",
    "answer",
    "ask_for_papers",
    "card",
    "case",
    "complaint",
    "complaints",
    "judge_papers",
    "look_up",
    "open_case_of",
    "open_case_of_papers",
    "open_cases",
    "operations",
    "papers",
    "periodic_tasks",
    "scan",
]
