"""People who work in legal entities: parties and their employees."""

from .api import operations
from .commands import EmployeeDetails, PartyDetails, count_declaration, hire
from .model import (
    Education,
    Employee,
    EmployeeType,
    Party,
    PartyDocument,
    Qualification,
    Speciality,
    Status,
    Training,
    age,
    declaration_limit,
    tax_id_is_valid,
)
from .queries import employees_of_user, limit_of_party, party_of_user
from .store import find_employee
from .wire import employee_short

__all__ = [
    "Education",
    "Employee",
    "EmployeeDetails",
    "EmployeeType",
    "Party",
    "PartyDetails",
    "PartyDocument",
    "Qualification",
    "Speciality",
    "Status",
    "Training",
    "age",
    "count_declaration",
    "declaration_limit",
    "employee_short",
    "employees_of_user",
    "find_employee",
    "hire",
    "limit_of_party",
    "operations",
    "party_of_user",
    "tax_id_is_valid",
]
