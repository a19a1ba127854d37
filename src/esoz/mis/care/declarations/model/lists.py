"""A doctor's patients as the clinic keeps them: what is asked of the list, how old it may be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years

from .declarations import STATUSES, last_day

FRESH = timedelta(minutes=15)  # older lists are read again when somebody opens them
FOLLOWED_EVERY = timedelta(hours=24)  # of those that nobody opens, while the doctor works here
KEPT = timedelta(days=30)  # of a list that was not read any more: the doctor has left
GROWTH = timedelta(days=30)
# Ages by which a list is narrowed: first and last year, None for no end.
AGES: dict[str, tuple[str, int, int | None]] = {
    "0-5": (_("до 6 років"), 0, 5),
    "6-17": (_("6–17 років"), 6, 17),
    "18-39": (_("18–39 років"), 18, 39),
    "40-64": (_("40–64 роки"), 40, 64),
    "65": (_("65 років і старші"), 65, None),
}
ORDERS = {"name": _("За прізвищем"), "new": _("Нові спершу"), "old": _("Давні спершу")}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPatient:
    """One line of a doctor's list."""

    declaration_id: UUID
    person_id: UUID
    declaration_number: str
    status: str
    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    start_date: date
    end_date: date

    @property
    def last_day(self) -> date | None:
        return last_day(self.start_date, self.end_date)

    @property
    def shown_status(self) -> tuple[str, str]:
        return STATUSES.get(self.status, (self.status, "grey"))

    def age(self, today: date) -> int:
        return full_years(self.birth_date, today)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a list: words of a name or of a number, an age, the days of the choice."""

    words: tuple[str, ...] = ()
    ages: tuple[int, int | None] | None = None
    since: date | None = None
    until: date | None = None
    order: str = "name"


@dataclass(frozen=True, slots=True)
class Load:
    """What the clinic's own copy tells of a doctor: patients now, those of the last 30 days, when it was read."""

    here: int
    recent: int
    read_at: datetime


def is_stale(read_at: datetime | None, now: datetime, *, is_outdated: bool) -> bool:
    """Whether a list is read again when it is opened."""
    return read_at is None or is_outdated or now - read_at > FRESH
