"""Changes of parties and employees: invitations, hiring, dismissal, verification."""

from .dismissal import DISMISSAL_JOBS, dismiss, dismiss_everybody
from .hiring import EmployeeDetails, PartyDetails, change, check_details, count_declaration, hire
from .requests import (
    Invitation,
    accept_invitation,
    approve_request,
    create_request,
    expire_requests,
    invite,
    read_invitation,
    reject_invitation,
    reject_request,
)
from .verification import resolve_verification, save_register_word

__all__ = [
    "DISMISSAL_JOBS",
    "EmployeeDetails",
    "Invitation",
    "PartyDetails",
    "accept_invitation",
    "approve_request",
    "change",
    "check_details",
    "count_declaration",
    "create_request",
    "dismiss",
    "dismiss_everybody",
    "expire_requests",
    "hire",
    "invite",
    "read_invitation",
    "reject_invitation",
    "reject_request",
    "resolve_verification",
    "save_register_word",
]
