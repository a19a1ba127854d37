"""What divisions offer, and which employees give it."""

from .api import operations
from .job_handlers import job_handlers
from .model import EmployeeRole, HealthcareService
from .store import find_roles, find_service, find_services, services_of_divisions, services_of_employees
from .wire import role, service

__all__ = [
    "EmployeeRole",
    "HealthcareService",
    "find_roles",
    "find_service",
    "find_services",
    "job_handlers",
    "operations",
    "role",
    "service",
    "services_of_divisions",
    "services_of_employees",
]
