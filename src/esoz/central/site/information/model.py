"""An entry of information: what it says, when somebody checked it, when it is outdated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

FRESH = timedelta(days=180)  # a link that nobody has checked for half a year is told to be old
MOST_TITLE, MOST_BODY, MOST_URL, MOST_PHONE = 200, 4000, 500, 40
MOST_PLACE = 999


class Event(StrEnum):
    ADDED = "information.added"
    CHANGED = "information.changed"


class Section(StrEnum):
    CONTACT = "CONTACT"
    NEWS = "NEWS"
    LEARNING = "LEARNING"
    TELECONSULTATION = "TELECONSULTATION"


class State(StrEnum):
    """What an administrator asks the list for."""

    CURRENT = "CURRENT"
    OUTDATED = "OUTDATED"
    HIDDEN = "HIDDEN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `place` orders the entries of a section, the smallest first."""

    id: UUID
    section: Section
    title: str
    body: str
    url: str
    phone: str
    place: int
    checked_on: date
    ends_on: date | None
    is_shown: bool

    def is_outdated(self, today: date) -> bool:
        """Is its time over, or has nobody checked it for half a year. News are checked by their own date."""
        if self.ends_on is not None:
            return self.ends_on < today
        return today - self.checked_on > FRESH

    @property
    def dial(self) -> str:
        """The telephone as a link has it."""
        return "".join(character for character in self.phone if character in "+0123456789")


def faults(entry: Entry, today: date) -> Iterator[str]:
    """Names of the fields that may not be so."""
    if not 0 < len(entry.title) <= MOST_TITLE:
        yield "title"
    if len(entry.body) > MOST_BODY:
        yield "body"
    if entry.url and not _is_link(entry.url):
        yield "url"
    if len(entry.phone) > MOST_PHONE or (entry.phone and not entry.dial):
        yield "phone"
    if not entry.url and not entry.phone and not entry.body:
        yield "body"
    if entry.checked_on > today:
        yield "checked_on"
    if entry.ends_on is not None and entry.ends_on < entry.checked_on:
        yield "ends_on"


def _is_link(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None and len(url) <= MOST_URL
