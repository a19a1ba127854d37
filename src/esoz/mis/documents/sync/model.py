"""A document on its way to central: its states, its moves, its deadline, its pauses."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.kernel.states import Moves
from esoz.mis.base.section import DocumentKind
from esoz.sdk import CentralRefused, Fault


class Event(StrEnum):
    DRAFTED = "document.drafted"
    SIGNED = "document.signed"
    ACCEPTED = "document.accepted"
    REFUSED = "document.refused"
    CORRECTED = "document.corrected"
    RESENT = "document.resent"
    DISCARDED = "document.discarded"
    MOVED = "document.moved"
    READ = "document.read"
    LISTED = "documents.listed"
    EXPORTED = "documents.exported"


class Overtaken(Conflict):
    """The document is no longer what the form was filled in from: another window changed, signed or discarded it."""


class State(StrEnum):
    """Where a document is."""

    DRAFT = "draft"
    READY = "ready"  # complete, its bytes are fixed, waits for the signature
    QUEUED = "queued"  # signed (or needs no signature), waits to be sent
    SENDING = "sending"
    SENT = "sent"  # central has taken it as a job
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISCARDED = "discarded"


MOVES: Moves[State] = {
    State.DRAFT: frozenset({State.READY, State.QUEUED, State.DISCARDED}),
    State.READY: frozenset({State.DRAFT, State.QUEUED, State.DISCARDED}),
    State.QUEUED: frozenset({State.SENDING}),
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.ACCEPTED, State.REFUSED}),
    State.SENT: frozenset({State.ACCEPTED, State.REFUSED, State.QUEUED}),
    State.REFUSED: frozenset({State.DRAFT, State.QUEUED, State.DISCARDED}),
    State.ACCEPTED: frozenset(),
    State.DISCARDED: frozenset(),
}

EDITABLE = frozenset({State.DRAFT, State.READY, State.REFUSED})
UNDER_WAY = frozenset({State.QUEUED, State.SENDING, State.SENT})

# Word and colour of a state in lists.
SHOWN: Mapping[State, tuple[str, str]] = {
    State.DRAFT: (_("Чернетка"), "grey"),
    State.READY: (_("Очікує підпису"), "yellow"),
    State.QUEUED: (_("Підписано"), "blue"),
    State.SENDING: (_("Надсилається"), "blue"),
    State.SENT: (_("Обробляється"), "blue"),
    State.ACCEPTED: (_("Прийнято"), "green"),
    State.REFUSED: (_("Помилка"), "red"),
    State.DISCARDED: (_("Видалено"), "grey"),
}

CENTRAL, CONSENT = "central", "consent"  # what a document waits for

NEVER_LATER = timedelta(hours=2)  # nothing waits so long: such a time comes from a clock that was wrong
LEASE = timedelta(minutes=2)  # longer than all requests of one attempt together
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
CONSENT_PAUSE = timedelta(minutes=5)
PAY_DAY = 5


@dataclass(frozen=True, slots=True)
class Document:
    """One document; columns of the table of the same name."""

    id: UUID
    kind: str
    clinic_id: UUID
    user_id: UUID
    patient_id: UUID
    episode_id: UUID | None
    record_id: UUID
    title: str
    code: str
    service_date: date | None
    form: dict[str, str]
    content: bytes | None
    signed: bytes | None
    method: str
    path: str
    signed_field: str
    unsigned: dict[str, Any]
    found_at: str
    found_as: dict[str, Any]
    state: State
    waits_for: str
    job_id: str
    refusal: dict[str, Any] | None
    request_id: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    updated_at: datetime
    is_blank: bool
    queued_at: datetime | None
    settled_at: datetime | None

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def version(self) -> str:
        """What a form says it was filled in from; the same text is the same version."""
        return hashlib.sha256(msgspec.json.encode(self.form, order="sorted")).hexdigest()[:16]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def needs_signature(self) -> bool:
        return bool(self.signed_field)

    @property
    def data(self) -> Any:
        """The content as JSON; None before there is any."""
        return msgspec.json.decode(self.content) if self.content else None

    def request(self) -> dict[str, Any]:
        """The body of the request to central."""
        if not self.needs_signature:
            return {**self.unsigned, **(self.data or {})}
        return {**self.unsigned, self.signed_field: base64.b64encode(self.signed or b"").decode()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a document when it is begun."""

    kind: str
    patient_id: UUID
    record_id: UUID
    title: str
    method: str
    path: str
    found_at: str
    episode_id: UUID | None = None
    signed_field: str = ""
    unsigned: Mapping[str, Any] = field(default_factory=dict)
    found_as: Mapping[str, Any] = field(default_factory=dict)
    is_blank: bool = False  # nothing is typed yet: the form holds what every new one does
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: states, the beginning of the patient's name, only what a payment depends on, the kind
    by its title, why central refused by its words (None: whatever it was), and between which moments the document
    changed last."""

    states: Collection[str]
    name: str = ""
    unpaid: bool = False
    title: str = ""
    reasons: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None  # not itself


def edit_path(kind: DocumentKind, document: Document) -> str:
    """Where a document is corrected."""
    known = {name: getattr(document, name) for name in ("id", "patient_id", "episode_id", "record_id")}
    return kind.edit.format(**known)


def onward(kind: DocumentKind, document: Document, roles: Collection[str]) -> list[tuple[str, str]]:
    """The text and the address of what people of these roles do next."""
    return [
        (item.text, item.href.format(id=document.id, patient_id=document.patient_id, record_id=document.record_id))
        for item in kind.onward
        if not set(item.roles).isdisjoint(roles)
    ]


def deadline(service_date: date) -> date:
    """The last day on which a record of this day is still paid for: the 5th of the next month.

    Source: the payer reports records by the date of service, entered not later than the 5th day after the month
    of service (since January 2022).
    """
    following = (service_date.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following.replace(day=PAY_DAY)


def pause_after(attempts: int) -> timedelta:
    """How long to wait when central did not answer: 5, 10, 20… seconds, ten minutes at most. Never gives up."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def pause_of_poll(waited: timedelta) -> timedelta:
    """How long until a job is asked about again: often at first, then seldom."""
    for limit, pause in ((10, 1), (60, 2), (600, 5)):
        if waited < timedelta(seconds=limit):
            return timedelta(seconds=pause)
    return timedelta(seconds=30)


def as_kept(refused: CentralRefused) -> dict[str, Any]:
    """A refusal as it is stored with the document."""
    return {
        "status": refused.status,
        "type": refused.type,
        "message": refused.message,
        "request_id": refused.request_id,
        "faults": [[fault.entry, fault.rule, fault.description] for fault in refused.faults],
    }


def as_refused(kept: Mapping[str, Any]) -> CentralRefused:
    """The stored refusal again, to be explained."""
    faults = [Fault(*fault) for fault in kept["faults"]]
    return CentralRefused(kept["status"], kept["type"], kept["message"], faults, kept["request_id"])


def says_it_is_there(refused: CentralRefused) -> bool:
    """Does the refusal mean that central has the record already."""
    texts = [refused.message, *(fault.description for fault in refused.faults)]
    return refused.type == "object_already_exists" or any("already exists" in text for text in texts)


def contains(found: object, expected: Mapping[str, Any]) -> bool:
    """Does the record that central has say what our document says; of some kinds it comes in a list of one."""
    if isinstance(found, list):
        return any(contains(each, expected) for each in found)
    return isinstance(found, Mapping) and all(found.get(name) == value for name, value in expected.items())


def id_in(record: Mapping[str, Any]) -> UUID:
    """The id of a record inside a document."""
    return UUID(record["id"])
