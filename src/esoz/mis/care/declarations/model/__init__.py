"""Declarations of the clinic's patients: who may be chosen, a request on its way, what is said of both."""

from .choice import Doctor, Place, Way, is_primary_care, ranked
from .declarations import REASONS, STATUSES, Declared, Standing, last_day
from .printed import Block, as_pdf, read_form
from .requests import REQUEST_STATUSES, Event, Request, Scan, is_open, next_step

__all__ = [
    "REASONS",
    "REQUEST_STATUSES",
    "STATUSES",
    "Block",
    "Declared",
    "Doctor",
    "Event",
    "Place",
    "Request",
    "Scan",
    "Standing",
    "Way",
    "as_pdf",
    "is_open",
    "is_primary_care",
    "last_day",
    "next_step",
    "ranked",
    "read_form",
]
