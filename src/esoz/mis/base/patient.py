"""Who a record is about."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Patient:
    """A person of central; the names are those that the search told."""

    id: UUID
    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    gender: str
