"""Requests to register a person or to change their data, from the clinic to the signed form; papers people show."""

from .api import operations
from .commands.papers import ask as ask_for_papers
from .commands.papers import judge as judge_papers
from .model.papers import OwnPapers
from .periodic import periodic_tasks
from .queries import papers_waiting, scan_of_papers, waiting_papers_of

__all__ = [
    "OwnPapers",
    "ask_for_papers",
    "judge_papers",
    "operations",
    "papers_waiting",
    "periodic_tasks",
    "scan_of_papers",
    "waiting_papers_of",
]
