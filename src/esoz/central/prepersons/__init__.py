"""Unidentified patients: somebody is treated before anybody knows who they are."""

from .api import operations
from .commands import end_preperson
from .model import Preperson, Status, must_be_active
from .policy import must_be_ours
from .queries import must_be_patient
from .store import find_preperson
from .wire import preperson

__all__ = [
    "Preperson",
    "Status",
    "end_preperson",
    "find_preperson",
    "must_be_active",
    "must_be_ours",
    "must_be_patient",
    "operations",
    "preperson",
]
