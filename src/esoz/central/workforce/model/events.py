"""What the audit log tells of this context."""

from enum import StrEnum


class Event(StrEnum):
    """What the audit log tells of this context."""

    EMPLOYEES_READ = "employees.read"
    EMPLOYEE_READ = "employee.read"
    EMPLOYEE_HIRED = "employee.hired"
    EMPLOYEE_UPDATED = "employee.updated"
    EMPLOYEE_DISMISSED = "employee.dismissed"
    REQUESTS_READ = "employee_requests.read"
    REQUEST_READ = "employee_request.read"
    REQUEST_CREATED = "employee_request.created"
    REQUEST_APPROVED = "employee_request.approved"
    REQUEST_REJECTED = "employee_request.rejected"
    REQUESTS_EXPIRED = "employee_requests.expired"
    PARTY_VERIFICATIONS_READ = "party_verifications.read"
    PARTY_VERIFICATION_READ = "party_verification.read"
    PARTY_VERIFICATION_CHANGED = "party_verification.changed"
    BLACK_LIST_READ = "black_list.read"
    BLACK_LISTED = "black_list.added"
    BLACK_LISTING_ENDED = "black_list.ended"
