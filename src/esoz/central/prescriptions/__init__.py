"""Prescriptions: drafts, prescriptions, dispenses."""

from .api import operations
from .commands.evaluation import conditions_of
from .model.codes import ALPHABET, PREFIX, Random, attempts_left, draw, is_right, new_code, pause_after, seal, unseal
from .periodic import periodic_tasks
from .queries.cabinet import request_of_patient
from .queries.prescriptions import request_of_clinic
from .queries.references import resolve_requests

__all__ = [
    "ALPHABET",
    "PREFIX",
    "Random",
    "attempts_left",
    "conditions_of",
    "draw",
    "is_right",
    "new_code",
    "operations",
    "pause_after",
    "periodic_tasks",
    "request_of_clinic",
    "request_of_patient",
    "resolve_requests",
    "seal",
    "unseal",
]
