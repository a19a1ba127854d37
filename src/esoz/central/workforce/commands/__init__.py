"""Changes of parties and employees: invitations, hiring, dismissal, verification."""

from .black_list import add_to_black_list, black_list, end_black_listing
from .dismissal import END_DECLARATIONS, END_ROLES, Dismissal, dismiss, dismiss_everybody, dismiss_unmatched
from .hiring import change, check_details, count_declaration, hire
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
    "END_DECLARATIONS",
    "END_ROLES",
    "Dismissal",
    "Invitation",
    "accept_invitation",
    "add_to_black_list",
    "approve_request",
    "black_list",
    "change",
    "check_details",
    "count_declaration",
    "create_request",
    "dismiss",
    "dismiss_everybody",
    "dismiss_unmatched",
    "end_black_listing",
    "expire_requests",
    "hire",
    "invite",
    "read_invitation",
    "reject_invitation",
    "reject_request",
    "resolve_verification",
    "save_register_word",
]
