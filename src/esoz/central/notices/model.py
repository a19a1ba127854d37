"""Notices: the ways of telling somebody, their order, and when one way gives over to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.people import ContactMethod


class Way(StrEnum):
    """A channel of the outbox that reaches patients; push goes to a tax id, the others to a telephone."""

    PUSH = "push"
    VIBER = "viber"
    SMS = "sms"


class Kind(StrEnum):
    """What is told."""

    PRESCRIPTION_CREATED = "prescription_created"
    PRESCRIPTION_SENT_AGAIN = "prescription_sent_again"
    PRESCRIPTION_REJECTED = "prescription_rejected"
    DISPENSE_RETURNED = "dispense_returned"
    DEVICE_REQUEST_CREATED = "device_request_created"
    DEVICE_REQUEST_SENT_AGAIN = "device_request_sent_again"
    DEVICE_REQUEST_REVOKED = "device_request_revoked"
    DECLARATION_MADE = "declaration_made"
    DECLARATION_ENDED = "declaration_ended"
    COMPLAINT_ANSWERED = "complaint_answered"
    REFERRAL_CREATED = "referral_created"
    REFERRAL_SENT_AGAIN = "referral_sent_again"
    REFERRAL_RECALLED = "referral_recalled"
    REFERRAL_CANCELED = "referral_canceled"
    CONCLUSION_CREATED = "conclusion_created"
    CONCLUSION_SENT_AGAIN = "conclusion_sent_again"
    CONCLUSION_CANCELED = "conclusion_canceled"
    CARE_PLAN_CREATED = "care_plan_created"
    CARE_PLAN_CANCELLED = "care_plan_cancelled"


class State(StrEnum):
    """SENT: the last way took it, and nobody will tell more. FAILED: no way reached the person, paper is left."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    SENT = "sent"
    FAILED = "failed"


MOVES = {
    State.UNDER_WAY: frozenset({State.DELIVERED, State.SENT, State.FAILED}),
    State.DELIVERED: frozenset[State](),
    State.SENT: frozenset[State](),
    State.FAILED: frozenset[State](),
}


class Outcome(StrEnum):
    """What became of one way. SILENT: it told nothing in its time; GIVEN_UP: another way was first."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    SENT = "sent"
    FAILED = "failed"
    SILENT = "silent"
    GIVEN_UP = "given_up"


PASSING = frozenset({Outcome.FAILED, Outcome.SILENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be told to whom; `urgent`: they wait for it."""

    person_id: UUID
    contact: ContactMethod
    kind: Kind
    resource_id: UUID
    text: str
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One way that was asked to carry a notice, with what its message has come to."""

    message_id: UUID
    place: int
    way: Way
    address: str  # masked
    outcome: Outcome
    outcome_at: datetime
    pass_at: datetime | None
    is_sent: bool = False
    is_dead: bool = False  # given up by the outbox
    is_asked_about: bool = False
    delivery: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`ways` were not asked yet. `sealed` holds text and addresses until it is over: the text may have a code in it."""

    person_id: UUID
    id: UUID
    kind: Kind
    resource_id: UUID
    urgent: bool
    ways: Sequence[Way]
    state: State
    sealed: bytes
    look_at: datetime | None
    inserted_at: datetime
    ended_at: datetime | None = None
    asked: Sequence[Asked] = ()

    @property
    def told_by(self) -> Way | None:
        """The one way that reached the person, or that had it last."""
        reached = [each.way for each in self.asked if each.outcome in (Outcome.DELIVERED, Outcome.SENT)]
        return reached[-1] if reached else None


def read_order(text: str) -> tuple[Way, ...]:
    """The order of ways in the settings; SMS ends it, whether named or not. Raises ValueError."""
    named = [Way(name) for name in (part.strip() for part in text.split(",")) if name]
    return (*(way for way in dict.fromkeys(named) if way is not Way.SMS), Way.SMS)


def ways_of(order: Sequence[Way], addresses: Mapping[Way, str]) -> list[Way]:
    """NT-1: the ways that this person has, in the order of the settings; one that they do not have is not tried."""
    return [way for way in order if addresses.get(way)]


def pass_at(asked_at: datetime, ways_left: Sequence[Way], silence: timedelta) -> datetime | None:
    """NT-2: when a way that stays silent gives over to the next; the last one is never hurried."""
    return asked_at + silence if ways_left else None


def outcome_of(asked: Asked, now: datetime) -> Outcome:
    """NT-2: what has become of the way that was asked last.

    A provider that is away is as silent as one that tells nothing. The last way has no end of silence: the outbox tries
    it for about a day, and who cannot be told by it is told on paper.
    """
    if asked.delivery == "delivered":
        return Outcome.DELIVERED
    if asked.is_dead or asked.delivery == "failed":
        return Outcome.FAILED
    if asked.pass_at is None:
        return Outcome.SENT if asked.is_sent and not asked.is_asked_about else Outcome.UNDER_WAY
    return Outcome.SILENT if now >= asked.pass_at else Outcome.UNDER_WAY


def first_delivered(asked: Sequence[Asked]) -> Asked | None:
    """NT-3: exactly one way has told the person: the first that was delivered, though its word came late."""
    return next((each for each in asked if each.delivery == "delivered"), None)


def must_be_printed(last: Notice | None) -> bool:
    """NT-4: whom no way has reached has number and code on paper, as who has no telephone."""
    return last is not None and last.state is State.FAILED
