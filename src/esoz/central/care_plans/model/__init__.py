"""The law of care plans: what is planned, what becomes of it, what requests take of it."""

from .activities import Activity, Kind, NewActivity, PrequalifiedActivity
from .events import Event
from .plans import CarePlan, Plan
from .uses import Wish, named_pair

__all__ = ["Activity", "CarePlan", "Event", "Kind", "NewActivity", "Plan", "PrequalifiedActivity", "Wish", "named_pair"]
