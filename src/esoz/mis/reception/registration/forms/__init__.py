"""Reading what was typed about a person: every fault at its field, in words; and the form of what is known."""

from .entries import field_of
from .fields import CHOICES, FORM_FIELDS, document_field, form_of, rows_of
from .person import PersonReading, begun, read
from .speaker import RELATION_FIELDS, read_relation

__all__ = [
    "CHOICES",
    "FORM_FIELDS",
    "RELATION_FIELDS",
    "PersonReading",
    "begun",
    "document_field",
    "field_of",
    "form_of",
    "read",
    "read_relation",
    "rows_of",
]
