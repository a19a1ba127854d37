"""A patient as this workplace knows them, and what a search asks for."""

from .line import Line, read_line
from .search import (
    BAD_BIRTH_DATE,
    BAD_PHONE,
    BAD_TAX_ID,
    LATIN,
    NO_BIRTH_DATE,
    UNREAD,
    Event,
    Search,
    allergy_in_words,
    is_in_force,
    read_fields,
)

__all__ = [
    "BAD_BIRTH_DATE",
    "BAD_PHONE",
    "BAD_TAX_ID",
    "LATIN",
    "NO_BIRTH_DATE",
    "UNREAD",
    "Event",
    "Line",
    "Search",
    "allergy_in_words",
    "is_in_force",
    "read_fields",
    "read_line",
]
