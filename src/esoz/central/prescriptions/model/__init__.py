"""The law of prescriptions: pure rules, statuses and shapes of the inside."""

from .drafts import Draft, Intent, Order
from .drugs import Dosage, Ingredient, Medication, Participant, Strength
from .events import Event
from .programmes import Programme, Settings
from .requests import Request

__all__ = [
    "Dosage",
    "Draft",
    "Event",
    "Ingredient",
    "Intent",
    "Medication",
    "Order",
    "Participant",
    "Programme",
    "Request",
    "Settings",
    "Strength",
]
