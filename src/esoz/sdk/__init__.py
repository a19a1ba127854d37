"""A client of central's public API for mis, cabinet, tests and other vendors' programs. Knows no database."""

from .client import Answer, Bearer, Central
from .errors import CentralError, CentralRefused, CentralUnavailable, Fault

__all__ = ["Answer", "Bearer", "Central", "CentralError", "CentralRefused", "CentralUnavailable", "Fault"]
