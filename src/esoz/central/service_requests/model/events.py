"""What is written in the audit log about a referral."""

from enum import StrEnum


class Event(StrEnum):
    CREATE_SUBMITTED = "service_request.submitted"
    CREATED = "service_request.created"
    PREQUALIFIED = "service_request.prequalified"
    QUALIFIED = "service_request.qualified"
    FOUND = "service_request.found_by_number"
    VIEWED = "service_request.viewed"
    CHANGE_SUBMITTED = "service_request_change.submitted"
    USED = "service_request.used"
    RELEASED = "service_request.released"
    PROCESSED = "service_request.in_progress"
    COMPLETED = "service_request.completed"
    RECALLED = "service_request.recalled"
    CANCELED = "service_request.canceled"
    RESENT = "service_request.resent"
    EXPIRED = "service_request.expired"
