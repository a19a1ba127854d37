"""Medical devices on prescription: what a doctor asks for by number and code, and what a pharmacy hands over by it."""

from .api import operations
from .job_handlers import job_handlers
from .periodic import periodic_tasks
from .queries.references import resolve_requests

__all__ = ["job_handlers", "operations", "periodic_tasks", "resolve_requests"]
