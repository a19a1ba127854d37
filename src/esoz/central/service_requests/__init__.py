"""Referrals: a doctor asks for a service, another clinic finds it by its number, takes it and answers."""

from .api import operations
from .content import shown as shown_service_request
from .job_handlers import job_handlers
from .periodic import periodic_tasks
from .queries import named_request as named_service_request
from .queries import resolve_service_requests

__all__ = [
    "job_handlers",
    "named_service_request",
    "operations",
    "periodic_tasks",
    "resolve_service_requests",
    "shown_service_request",
]
