"""The law of referrals: what is asked for, what becomes of it, who may use it."""

from .events import Event
from .orders import Order, PrequalifiedOrder
from .requests import MOVES, PROCESSING_MOVES, Processing, ServiceRequest, Status

__all__ = [
    "MOVES",
    "PROCESSING_MOVES",
    "Event",
    "Order",
    "PrequalifiedOrder",
    "Processing",
    "ServiceRequest",
    "Status",
]
