"""What changes care plans."""

from . import activities, plans
from .submissions import submit_activity, submit_cancel, submit_completion, submit_plan
from .uses import check_wish, give_back, take

__all__ = [
    "activities",
    "check_wish",
    "give_back",
    "plans",
    "submit_activity",
    "submit_cancel",
    "submit_completion",
    "submit_plan",
    "take",
]
