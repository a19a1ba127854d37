"""Work that is not in central: of a worker, of a clinic; when people are told of it by mail."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from esoz.kernel.clock import KYIV

# The end of a working day: what is still unsent then was not forgotten a minute ago, and it is not night yet.
TOLD_FROM, TOLD_UNTIL = time(18), time(21)


class Event(StrEnum):
    READ = "unsent.read"
    EXPORTED = "unsent.exported"
    MAIL_WANTED = "unsent_mail.wanted"
    MAIL_UNWANTED = "unsent_mail.unwanted"


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents by where they are; `threatened`: those that a payment depends on, `overdue`: that lost it."""

    drafts: int
    ready: int
    under_way: int
    refused: int
    threatened: int
    overdue: int

    @property
    def waiting(self) -> int:
        """What waits for its author, not for central."""
        return self.drafts + self.ready + self.refused


COUNTED = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one worker of a clinic has not sent. `to_sign`: things of all sections that wait for the signature."""

    user_id: UUID
    last_name: str
    first_name: str
    second_name: str
    counts: Counts
    to_sign: int
    oldest: datetime | None
    first_service_date: date | None  # of what can still be paid for


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail that is due: to whom, about which clinic."""

    email: str
    clinic_name: str
    counts: Counts
    first_service_date: date | None


def is_time(now: datetime) -> bool:
    """Whether people are told of a day's unsent work at this moment."""
    return TOLD_FROM <= now.astimezone(KYIV).time() < TOLD_UNTIL
