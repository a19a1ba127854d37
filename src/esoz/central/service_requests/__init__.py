"""Referrals: a doctor asks for a service, another clinic finds it by its number, takes it and answers."""

from .api import operations
from .job_handlers import job_handlers
from .periodic import periodic_tasks
from .queries import resolve_service_requests

__all__ = ["job_handlers", "operations", "periodic_tasks", "resolve_service_requests"]
