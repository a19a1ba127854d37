"""Care plans: what is planned for a patient over a time, and what requests have taken of it."""

from .api import operations
from .commands import check_wish, give_back, take
from .job_handlers import job_handlers
from .model import Kind, Wish, named_pair
from .periodic import periodic_tasks
from .queries import patient_of_plan, resolve_activities, resolve_plans

__all__ = [
    "Kind",
    "Wish",
    "check_wish",
    "give_back",
    "job_handlers",
    "named_pair",
    "operations",
    "patient_of_plan",
    "periodic_tasks",
    "resolve_activities",
    "resolve_plans",
    "take",
]
