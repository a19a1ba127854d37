"""A share: what it shows, how long, and to whom it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _

AGAIN = timedelta(minutes=10)  # so long the page that has opened a share may show it again: a reload, a double click
MOST_OPEN = 20  # of one patient
SECRET_BYTES = 18


class Event(StrEnum):
    LIST_READ = "shares.read"
    MADE = "share.made"
    READ = "share.read"
    OPENED = "share.opened"
    ENDED = "share.ended"


class State(StrEnum):
    WAITING = "waiting"
    OPENED = "opened"
    ENDED = "ended"
    OVER = "over"


STATE_WORDS: Mapping[State, tuple[str, str]] = {
    State.WAITING: (_("Ще не відкрито"), "yellow"),
    State.OPENED: (_("Відкрито"), "green"),
    State.ENDED: (_("Скасовано"), "grey"),
    State.OVER: (_("Строк минув"), "grey"),
}


class Shared(msgspec.Struct, frozen=True):
    """One prescription as whoever collects sees it: nothing of the patient, the doctor, the clinic."""

    medicine: str
    quantity: str
    number: str
    code: str
    last_day: str


class Content(msgspec.Struct, frozen=True):
    """What a link shows; `letter` begins the patient's first name, so that the right person is helped."""

    letter: str
    prescriptions: list[Shared]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One share; `secret` and `content` are there until it is over."""

    id: UUID
    person_id: UUID
    names: Sequence[str]
    made_at: datetime
    ends_at: datetime
    secret: str = ""
    content: bytes | None = None
    opened_at: datetime | None = None
    opener: bytes | None = None
    ended_at: datetime | None = None

    def state_at(self, now: datetime) -> State:
        if self.opened_at is not None:
            return State.OPENED
        if self.ended_at is not None:
            return State.ENDED
        return State.OVER if now >= self.ends_at or not self.secret else State.WAITING

    def shows_to(self, opener: bytes, now: datetime) -> bool:
        """Once: to the page that opens it, and for a few minutes to the same page again."""
        if self.content is None or self.ended_at is not None:
            return False
        if self.opened_at is None:
            return now < self.ends_at
        return self.opener == opener and now < self.opened_at + AGAIN
