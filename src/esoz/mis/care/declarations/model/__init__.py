"""Declarations of the clinic's patients: who may be chosen, a request on its way, what is said of both."""

from .choice import Doctor, Place, Way, is_primary_care, ranked
from .declarations import STATUSES, Declared, Standing, last_day
from .lists import AGES, FOLLOWED_EVERY, GROWTH, KEPT, ORDERS, DeclaredPatient, Load, Wanted, is_stale
from .printed import Block, as_pdf, read_form
from .requests import REQUEST_STATUSES, Event, Request, Scan, is_open, next_step

__all__ = [
    "AGES",
    "FOLLOWED_EVERY",
    "GROWTH",
    "KEPT",
    "ORDERS",
    "REQUEST_STATUSES",
    "STATUSES",
    "Block",
    "Declared",
    "DeclaredPatient",
    "Doctor",
    "Event",
    "Load",
    "Place",
    "Request",
    "Scan",
    "Standing",
    "Wanted",
    "Way",
    "as_pdf",
    "is_open",
    "is_primary_care",
    "is_stale",
    "last_day",
    "next_step",
    "ranked",
    "read_form",
]
