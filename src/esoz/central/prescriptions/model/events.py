"""What may happen to prescriptions, as the audit log says it."""

from enum import StrEnum


class Event(StrEnum):
    DRAFT_PREQUALIFIED = "prescription_draft.prequalified"
    DRAFT_CREATED = "prescription_draft.created"
    DRAFT_READ = "prescription_draft.read"
    DRAFT_SIGNED = "prescription_draft.signed"
    DRAFT_REJECTED = "prescription_draft.rejected"
    DRAFT_EXPIRED = "prescription_draft.expired"
    REQUEST_CREATED = "medication_request.created"
    REQUEST_READ = "medication_request.read"
    REQUEST_PRINTED = "medication_request.printed"
    REQUEST_QUALIFIED = "medication_request.qualified"
    REQUEST_RESENT = "medication_request.resent"
    REQUEST_REJECTED = "medication_request.rejected"
    REQUEST_BLOCKED = "medication_request.blocked"
    REQUEST_UNBLOCKED = "medication_request.unblocked"
    REQUEST_COMPLETED = "medication_request.completed"
    REQUEST_EXPIRED = "medication_request.expired"
    OWN_REQUESTS_READ = "own_medication_requests.read"
    OWN_DISPENSES_READ = "own_medication_dispenses.read"
    DISPENSE_CREATED = "medication_dispense.created"
    DISPENSE_READ = "medication_dispense.read"
    DISPENSE_PROCESSED = "medication_dispense.processed"
    DISPENSE_REJECTED = "medication_dispense.rejected"
    DISPENSE_EXPIRED = "medication_dispense.expired"
