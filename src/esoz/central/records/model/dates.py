"""Rules about dates of medical records. What is ahead by the minute of other people's clocks is not in the future."""

from datetime import datetime, timedelta

from esoz.kernel.clock import is_ahead
from esoz.kernel.faults import Faults, fault
from esoz.kernel.fhir import Period

from .documents import Document, moment_at
from .kinds import Kind

# CE-2: no record tells of anything older than a long life.
LONGEST_LIFE = timedelta(days=150 * 365)
# EN-5: an encounter is recorded within a week; exactly seven days is too late.
RECORDING_TERM = timedelta(days=7)


def in_past(entry: str, name: str, moment: datetime | None, now: datetime) -> Faults:
    """CE-2: not in the future and less than 150 years ago. `name` begins the sentence: "Onset date"."""
    if moment is None:
        return
    if is_ahead(moment, now):
        yield fault(entry, f"{name} must be in past")
    elif now - moment >= LONGEST_LIFE:
        yield fault(entry, f"Date must be greater than {now - LONGEST_LIFE:%Y-%m-%d}")


def recorded_in_time(entry: str, end: datetime, now: datetime) -> Faults:
    """EN-5: an encounter ended less than seven days ago. The fault names the field that is wrong (BG-7 did not)."""
    if is_ahead(end, now):
        yield fault(entry, "Date must be in past")
    elif now - end >= RECORDING_TERM:
        yield fault(entry, f"Date must be greater than {now - RECORDING_TERM:%Y-%m-%dT%H:%M:%SZ}")


def ordered(entry: str, period: Period) -> Faults:
    """The end of a period does not come before its start (EP-3)."""
    if period.end is not None and period.end < period.start:
        yield fault(f"{entry}.end", "End date must be greater or equal than start date")


def dates_faults(entry: str, kind: Kind, document: Document, now: datetime) -> Faults:
    """CE-2, CE-10: the dates that the kind has in the past, its periods begun and in order."""
    for place in kind.past:
        try:
            yield from in_past(f"{entry}.{place}", _words(place), moment_at(document, place), now)
        except ValueError:
            yield fault(f"{entry}.{place}", "expected a valid date-time", rule="format")
    for place in kind.periods:
        try:
            start, end = moment_at(document, f"{place}.start"), moment_at(document, f"{place}.end")
        except ValueError:
            yield fault(f"{entry}.{place}", "expected a valid date-time", rule="format")
            continue
        if start is not None:
            yield from ordered(f"{entry}.{place}", Period(start, end))
            yield from in_past(f"{entry}.{place}.start", f"{_words(place)} start", start, now)


def _words(place: str) -> str:
    return place.rsplit(".", 1)[-1].replace("_", " ").capitalize()
