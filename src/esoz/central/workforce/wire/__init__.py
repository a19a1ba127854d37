"""Published spellings of employees, invitations and verifications."""

from .employees import employee, employee_in_list, employee_named, employee_short
from .requests import SignedBody, answered, request, request_in_list
from .verification import ResolutionBody, party_verification, verified_employee

__all__ = [
    "ResolutionBody",
    "SignedBody",
    "answered",
    "employee",
    "employee_in_list",
    "employee_named",
    "employee_short",
    "party_verification",
    "request",
    "request_in_list",
    "verified_employee",
]
