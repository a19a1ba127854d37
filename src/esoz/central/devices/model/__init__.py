"""The law of devices on prescription."""

from .events import Event
from .orders import Order
from .requests import Request, Status

__all__ = ["Event", "Order", "Request", "Status"]
