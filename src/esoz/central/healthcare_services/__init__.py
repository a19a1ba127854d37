"""What divisions offer, and which employees give it."""

from .api import operations
from .job_handlers import job_handlers
from .model import EmployeeRole, HealthcareService
from .store import find_service, services_of_employees

__all__ = ["EmployeeRole", "HealthcareService", "find_service", "job_handlers", "operations", "services_of_employees"]
