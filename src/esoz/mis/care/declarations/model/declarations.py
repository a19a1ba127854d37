"""A declaration as the clinic is shown it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from esoz.kernel.pages import mark as _

OPEN_END_YEARS = 50  # a declaration has no term: central writes an end date so far away that it means none

STATUSES: Mapping[str, tuple[str, str]] = {
    "active": (_("Чинна"), "green"),
    "pending_verification": (_("Перевіряє НСЗУ"), "yellow"),
    "terminated": (_("Припинена"), "grey"),
    "closed": (_("Закрита"), "grey"),
    "rejected": (_("Відхилена"), "red"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declaration with our clinic."""

    id: UUID
    number: str
    status: str
    employee_id: UUID
    doctor: str
    division: str
    start_date: date
    end_date: date

    @property
    def last_day(self) -> date | None:
        return last_day(self.start_date, self.end_date)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a patient has a doctor: `here`, a declaration with us; `is_elsewhere`, another clinic has it.

    `is_known` is false when this user may not ask, or central did not answer.
    """

    here: Declared | None = None
    is_elsewhere: bool = False
    is_known: bool = True


def last_day(start: date, end: date) -> date | None:
    """The last day, None of a declaration without a term."""
    return None if end.year - start.year >= OPEN_END_YEARS else end
