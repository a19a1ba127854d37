"""Prescriptions: drafts, prescriptions, dispenses."""

from .api import operations
from .commands.evaluation import conditions_of
from .content.dispenses import for_pharmacies as shown_dispense
from .content.requests import shown_request
from .model.codes import ALPHABET, PREFIX, Random, attempts_left, draw, is_right, new_code, pause_after, seal, unseal
from .periodic import periodic_tasks
from .queries.cabinet import request_of_patient
from .queries.named import named_dispense, named_request
from .queries.prescriptions import request_of_clinic
from .queries.references import resolve_dispenses, resolve_requests
from .wire.requests import with_remaining

__all__ = [
    "ALPHABET",
    "PREFIX",
    "Random",
    "attempts_left",
    "conditions_of",
    "draw",
    "is_right",
    "named_dispense",
    "named_request",
    "new_code",
    "operations",
    "pause_after",
    "periodic_tasks",
    "request_of_clinic",
    "request_of_patient",
    "resolve_dispenses",
    "resolve_requests",
    "seal",
    "shown_dispense",
    "shown_request",
    "unseal",
    "with_remaining",
]
