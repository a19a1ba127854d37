"""The law of prescriptions: pure rules, statuses and shapes of the inside."""

from .drafts import Draft, Intent, Order
from .events import Event
from .requests import Request

__all__ = [
    "Draft",
    "Event",
    "Intent",
    "Order",
    "Request",
]
