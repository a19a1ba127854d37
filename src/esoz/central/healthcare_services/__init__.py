"""What divisions offer, and which employees give it."""

from .api import operations
from .job_handlers import job_handlers
from .model import EmployeeRole, HealthcareService
from .store import find_service

__all__ = ["EmployeeRole", "HealthcareService", "find_service", "job_handlers", "operations"]
