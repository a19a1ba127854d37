"""The paper by which somebody speaks for another (PS-8, PS-9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from esoz.mis.base.dictionaries import Dictionaries

from ..model.papers import PAPER, number_as_written
from .person import ISSUED_LATER, OVER, PersonReading

RELATION_FIELDS = tuple(f"relation_{name}" for name in PAPER)


def read_relation(
    values: Mapping[str, str], books: Dictionaries, today: date, *, place: str = "relation"
) -> tuple[dict[str, Any], dict[str, str]]:
    """The published paper of what was typed into the fields `PLACE_…`, and what is wrong by field."""
    reading = PersonReading(values, books=books, today=today)
    kind = reading.choice(f"{place}_type", "DOCUMENT_RELATIONSHIP_TYPE")
    number, issued_by = reading.line(f"{place}_number"), reading.line(f"{place}_issued_by")
    issued = reading.date_of(f"{place}_issued_at")
    last = reading.date_of(f"{place}_active_to", needed=False)
    if issued and issued > today:
        reading.fault(f"{place}_issued_at", ISSUED_LATER)
    if last and last < today:
        reading.fault(f"{place}_active_to", OVER)
    paper = {
        "type": kind,
        "number": number and number_as_written(number),
        "issued_by": issued_by,
        "issued_at": issued and issued.isoformat(),
        "active_to": last and last.isoformat(),
    }
    return {name: value for name, value in paper.items() if value}, reading.faults
