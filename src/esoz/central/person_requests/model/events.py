"""What the audit log tells of these requests."""

from enum import StrEnum


class Event(StrEnum):
    CREATED = "person_request.created"
    READ = "person_request.read"
    LISTED = "person_requests.read"
    APPROVED = "person_request.approved"
    CODE_REFUSED = "person_request.code_refused"
    CODE_RESENT = "person_request.code_resent"
    REJECTED = "person_request.rejected"
    SIGNED = "person_request.signed"
    CONFIRMED_FOR_ANOTHER = "person_request.confirmed_for_another"
    ENDED = "person_requests.ended"
    METHOD_REQUESTED = "authentication_method_request.created"
    METHOD_CODE_REFUSED = "authentication_method_request.code_refused"
    METHOD_CODE_RESENT = "authentication_method_request.code_resent"
    METHOD_CHANGED = "authentication_method_request.completed"
    RELATIONSHIP_REQUESTED = "confidant_request.created"
    RELATIONSHIP_APPROVED = "confidant_request.approved"
    RELATIONSHIP_CODE_REFUSED = "confidant_request.code_refused"
    RELATIONSHIP_CODE_RESENT = "confidant_request.code_resent"
    RELATIONSHIP_SIGNED = "confidant_request.signed"
    RELATIONSHIP_READ = "confidant_request.read"
