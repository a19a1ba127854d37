"""What may happen to devices on prescription, as the audit log says it."""

from enum import StrEnum


class Event(StrEnum):
    PREQUALIFIED = "device_request.prequalified"
    SUBMITTED = "device_request.submitted"
    CREATED = "device_request.created"
    READ = "device_request.read"
    SEARCHED = "device_request.searched"
    QUALIFIED = "device_request.qualified"
    RESENT = "device_request.resent"
    REVOKED = "device_request.revoked"
    COMPLETED = "device_request.completed"
    REOPENED = "device_request.reopened"
    MARKED_IN_ERROR = "device_request.marked_in_error"
    DISPENSE_SUBMITTED = "device_dispense.submitted"
    DISPENSE_CREATED = "device_dispense.created"
    DISPENSE_COMPLETED = "device_dispense.completed"
    DISPENSE_STOPPED = "device_dispense.stopped"
    DISPENSE_MARKED_IN_ERROR = "device_dispense.marked_in_error"
    DISPENSES_READ = "device_dispenses.read"
    OWN_READ = "own_device_requests.read"
