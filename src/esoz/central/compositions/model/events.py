"""What is written in the audit log about a medical conclusion."""

from enum import StrEnum


class Event(StrEnum):
    TITLE_RESERVED = "composition.title_reserved"
    CREATE_SUBMITTED = "composition.submitted"
    CREATED = "composition.created"
    CHANGE_SUBMITTED = "composition_change.submitted"
    MARKED_IN_ERROR = "composition.marked_in_error"
    RESENT = "composition.resent"
    VIEWED = "composition.viewed"
    PRINTED = "composition.printed"
    CONTEXT_VIEWED = "composition_context.viewed"
    CONFIGURATIONS_VIEWED = "composition_configurations.viewed"
