"""Prescriptions: drafts, prescriptions, dispenses."""

from .api import operations
from .periodic import periodic_tasks
from .queries.cabinet import request_of_patient
from .queries.prescriptions import request_of_clinic
from .queries.references import resolve_requests

__all__ = [
    "operations",
    "periodic_tasks",
    "request_of_clinic",
    "request_of_patient",
    "resolve_requests",
]
