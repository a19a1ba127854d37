"""Medical conclusions: what a doctor states about a patient for others, by the rules of its type and category."""

from .api import operations
from .job_handlers import job_handlers
from .queries import resolve_compositions

__all__ = ["job_handlers", "operations", "resolve_compositions"]
