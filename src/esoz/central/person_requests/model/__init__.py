"""The law of requests about persons: shapes, states, confirmation."""

from .events import Event
from .requests import PersonRequest, RequestFilter, Status

__all__ = ["Event", "PersonRequest", "RequestFilter", "Status"]
