"""People who work in legal entities: parties and their employees."""

from .api import operations
from .chores import chores
from .commands import (
    DISMISSAL_JOBS,
    EmployeeDetails,
    Invitation,
    PartyDetails,
    accept_invitation,
    approve_request,
    count_declaration,
    dismiss_everybody,
    hire,
    invite,
    read_invitation,
    reject_request,
    save_register_word,
)
from .model import (
    Education,
    Employee,
    EmployeeRequest,
    EmployeeType,
    Party,
    PartyDocument,
    Qualification,
    Speciality,
    Status,
    Training,
    Verification,
    age,
    declaration_limit,
    tax_id_is_valid,
)
from .queries import employees_of_user, limit_of_party, party_of_user
from .store import find_employee
from .wire import employee_short
from .wire.requests import PartyBody, RequestBody

__all__ = [
    "DISMISSAL_JOBS",
    "Education",
    "Employee",
    "EmployeeDetails",
    "EmployeeRequest",
    "EmployeeType",
    "Invitation",
    "Party",
    "PartyBody",
    "PartyDetails",
    "PartyDocument",
    "Qualification",
    "RequestBody",
    "Speciality",
    "Status",
    "Training",
    "Verification",
    "accept_invitation",
    "age",
    "approve_request",
    "chores",
    "count_declaration",
    "declaration_limit",
    "dismiss_everybody",
    "employee_short",
    "employees_of_user",
    "find_employee",
    "hire",
    "invite",
    "limit_of_party",
    "operations",
    "party_of_user",
    "read_invitation",
    "reject_request",
    "save_register_word",
    "tax_id_is_valid",
]
