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
    "read_fields",
    "read_line",
]
