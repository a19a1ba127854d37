"""A series for a long illness: prescriptions for periods that follow one another, written in one visit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from esoz.central.programmes import Programme
from esoz.kernel.clock import KYIV
from esoz.kernel.errors import Conflict, rejected

from .drafts import ROOT, EarlierCourse, Intent, Order, first_day
from .drafts import Status as DraftStatus
from .requests import Status

MOST_LINKS = 6
LONGEST = timedelta(days=184)  # half a year: by then the doctor sees the patient again
NARCOTIC_BLANK = "F-3"
ANNOUNCED_FROM = 9  # o'clock in Kyiv: nobody is woken by a code
PRIOR = f"{ROOT}.prior_prescription.identifier.value"

NOT_NEXT_DAY = "Prescriptions of a series must follow each other without a gap"
TOO_MANY = "Series of prescriptions is too long"
TOO_LATE = "Series of prescriptions ends too late"
NO_SERIES = "Prescriptions of the medical program can't be written as a series"
FOLLOWED = "Prior prescription is already followed by another one of the series"
NOT_SIGNED = "Prior prescription of the series is not signed"
NOT_IN_FORCE = "Prior prescription of the series is not in force"


@dataclass(frozen=True, slots=True)
class Prior:
    """What an order names as its prior prescription: a draft, or what became of it; one id for both."""

    id: UUID
    legal_entity_id: UUID
    employee_id: UUID
    encounter_id: UUID
    medication_id: UUID
    medical_program_id: UUID | None
    intent: Intent
    created_at: date
    started_at: date
    ended_at: date
    draft_status: DraftStatus
    expires_at: datetime
    request_status: Status | None = None
    series_place: int | None = None
    is_followed: bool = False

    def is_in_force_at(self, now: datetime) -> bool:
        """A draft that waits to be signed, or a prescription that nobody took back."""
        if self.request_status is not None:
            return self.request_status in {Status.ACTIVE, Status.COMPLETED}
        return self.draft_status is DraftStatus.NEW and now < self.expires_at


def is_next_of(order: Order, prior: Prior, now: datetime) -> bool:
    """MR-23: the same medicine by the same programme, written by the same doctor in the same visit on the same day."""
    return (
        prior.is_in_force_at(now)
        and order.intent is prior.intent is Intent.ORDER
        and (order.employee_id, order.encounter_id, order.created_at)
        == (prior.employee_id, prior.encounter_id, prior.created_at)
        and (order.medication_id, order.medical_program_id) == (prior.medication_id, prior.medical_program_id)
    )


def must_continue(order: Order, prior: Prior) -> None:
    """MR-23: without a gap and without an overlap, no more than six, half a year at most, one after each."""
    next_day = prior.ended_at + timedelta(days=1)
    if order.started_at != next_day:
        raise rejected(f"{ROOT}.started_at", NOT_NEXT_DAY, params=[str(next_day)])
    if place_after(prior) > MOST_LINKS:
        raise rejected(PRIOR, TOO_MANY, params=[MOST_LINKS])
    last = order.created_at + LONGEST
    if order.ended_at > last:
        raise rejected(f"{ROOT}.ended_at", TOO_LATE, params=[str(last)])
    if prior.is_followed:
        raise rejected(PRIOR, FOLLOWED)


def must_allow_series(programme: Programme | None) -> None:
    """MR-23: what is written on the blank of narcotic medicines is written anew each time."""
    if programme is not None and programme.mr_blank_type == NARCOTIC_BLANK:
        raise rejected(f"{ROOT}.medical_program_id", NO_SERIES)


def place_after(prior: Prior) -> int:
    return (prior.series_place or 1) + 1


def overlaps(order: Order, earlier: EarlierCourse | None) -> bool:
    """MR-8 of a series: it is written at once, so that only the courses are held against each other."""
    return earlier is not None and order.started_at < first_day(earlier).started_at


def opening_day(order: Order, prior: Prior) -> date:
    """MR-24: dispensed from the day on which the doctor could have written it by itself, as near the end of the prior.

    So a series gives nobody more at once than visit after visit would.
    """
    return max(order.created_at, first_day(EarlierCourse(prior.started_at, prior.ended_at)).created_at)


def announced_on(follows: UUID | None, opens: date | None, today: date) -> date | None:
    """MR-24: the day on which the patient gets number and code; None: now, with the signature."""
    return opens if follows is not None and opens is not None and opens > today else None


def may_be_announced(now: datetime) -> bool:
    """MR-24: from nine in the morning."""
    return now.astimezone(KYIV).hour >= ANNOUNCED_FROM


def must_follow_signed(prior: Status | None, *, is_followed: bool) -> None:
    """MR-23: signed in the order of the series, and each followed by one; `prior` is the status of the one before."""
    if prior is None:
        raise Conflict(NOT_SIGNED)
    if prior not in {Status.ACTIVE, Status.COMPLETED}:
        raise Conflict(NOT_IN_FORCE)
    if is_followed:
        raise Conflict(FOLLOWED)
