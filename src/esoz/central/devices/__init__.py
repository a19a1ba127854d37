"""Medical devices on prescription: what a doctor asks for by number and code, and what a pharmacy hands over by it."""

from .api import operations
from .job_handlers import job_handlers
from .periodic import periodic_tasks
from .queries.references import resolve_requests
from .queries.requests import named_request as named_device_request
from .wire.requests import details as shown_device_request

__all__ = [
    "job_handlers",
    "named_device_request",
    "operations",
    "periodic_tasks",
    "resolve_requests",
    "shown_device_request",
]
