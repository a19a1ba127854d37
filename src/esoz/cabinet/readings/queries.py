"""Asking central for the access log, the newest lines first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ..access import CentralSession
from .model import Complaint, Days, Reader, Reading, complaint, is_pause, readers, reading, visits

PATH = "/api/pis/access_log"
COMPLAINTS = "/api/pis/access_complaints"
LARGEST = 300  # lines of a page of central
MOST = 10  # pages of central looked through for one page of ours
LATE_DAYS = 30
MOST_VISITS = 60  # of the last days: enough to name everybody, few enough to be asked for on every first page
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Log:
    """A part of the log; `earlier` is the moment before which to go on, None at the end."""

    readings: list[Reading] = field(default_factory=list)
    earlier: datetime | None = None


async def log(
    central: CentralSession,
    days: Days,
    *,
    fits: Callable[[Reading], bool],
    before: datetime | None = None,
    most: int = 15,
) -> Log:
    """At least `most` visits of lines that fit when there are so many, the newest first; no visit is cut in two.

    Central cannot choose lines by their words or leave out the patient's own, therefore we go on by moments and not
    by its page numbers, and end where nobody's visit goes on.
    """
    found: list[Reading] = []
    whole = 0  # so many lines belong to visits that are known to the end
    query = {"from": _text(days.start), "to": _text(_earliest(days.end, before)), "page_size": LARGEST}
    for number in range(1, MOST + 1):
        answer = await central.get(PATH, page=number, **query)
        seen = [reading(row) for row in answer.rows()]
        for each in filter(fits, seen):
            if found and is_pause(found[-1], each):
                whole = len(found)
                if len(visits(found)) >= most:
                    return Log(found, found[-1].at)
            found.append(each)
        if not seen or number >= answer.pages:
            return Log(found)
    return _unfinished(found, whole, seen[-1])


def _unfinished(found: list[Reading], whole: int, seen: Reading) -> Log:
    """What was found when nothing more is looked through. Only a visit of thousands of lines is cut all the same."""
    if whole and not is_pause(found[-1], seen):
        return Log(found[:whole], found[whole - 1].at)
    return Log(found, seen.at + INSTANT)  # the rest of that moment comes again, rather than never


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


@dataclass(frozen=True, slots=True)
class LastReaders:
    """Who came to the record lately; `is_all`: nobody else did in these days."""

    readers: list[Reader]
    is_all: bool


async def readers_of_late(central: CentralSession, today: date) -> LastReaders:
    """Others who came in the last 30 days, today included; of very many visits the latest are looked at."""
    days = Days(today - timedelta(days=LATE_DAYS - 1), today)
    found = await log(central, days, fits=lambda each: not each.is_own, most=MOST_VISITS)
    return LastReaders(readers(visits(found.readings)), found.earlier is None)


async def find(central: CentralSession, at: datetime, event: str) -> Reading | None:
    """The line of a moment and an event, None when there is none."""
    query = {"from": _text(at), "to": _text(at + INSTANT), "event": event, "page_size": 1}
    answer = await central.get(PATH, **query)
    found = answer.rows()
    return reading(found[0]) if found else None


async def complain(central: CentralSession, text: str, about: Reading | None) -> None:
    """Send a complaint; the same one that is sent again is taken once. Raises CentralRefused."""
    line = {"at": about.at.isoformat(), "event": about.event} if about else None
    await central.call("POST", COMPLAINTS, body={"text": text} | ({"about": line} if line else {}))


async def complaints(central: CentralSession, number: int, size: int) -> tuple[list[Complaint], int, int]:
    """A page of the patient's complaints, the latest first, its number, and the number of the last one."""
    answer = await central.get(COMPLAINTS, page=number, page_size=size)
    if number > answer.pages:
        number = answer.pages
        answer = await central.get(COMPLAINTS, page=number, page_size=size)
    return [complaint(row) for row in answer.rows()], number, answer.pages


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
