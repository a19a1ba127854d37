"""A client of central's public API for mis, cabinet, tests and other vendors' programs. Knows no database."""

from .client import Answer, Bearer, Central
from .errors import CentralBusy, CentralError, CentralRefused, CentralUnavailable, Fault

__all__ = [
    "Answer",
    "Bearer",
    "Central",
    "CentralBusy",
    "CentralError",
    "CentralRefused",
    "CentralUnavailable",
    "Fault",
]
