"""Patients' own systems (PIS): how a patient comes in with their КЕП. The highest of the people's contexts."""

from .api import operations
from .commands import log_in

__all__ = ["log_in", "operations"]
