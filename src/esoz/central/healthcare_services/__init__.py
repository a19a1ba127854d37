"""What divisions offer, and which employees give it."""

from .api import operations
from .model import EmployeeRole, HealthcareService
from .performers import performers
from .store import find_service

__all__ = ["EmployeeRole", "HealthcareService", "find_service", "operations", "performers"]
