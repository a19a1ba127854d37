"""Helping a patient: whom an operator may look for and why, what of a person is shown and how much is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.identity import CONTACT_CENTRE
from esoz.central.people import Access, AuthenticationMethod, ConfidantPerson, LookUp, Person, papers_wanted
from esoz.central.person_requests import OwnPapers
from esoz.kernel.errors import Conflict, Invalid, Rejected

ROLE = CONTACT_CENTRE  # as the person is told who it was
OPEN_FOR = timedelta(hours=1)  # CC-3
KEEP = timedelta(days=1096)  # CC-3: three years, as claims may be brought (Civil Code of Ukraine, art. 257)
MOST_FOUND = 10  # CC-1
NOTE = (10, 500)  # characters of the reason as it is typed
COMPLAINT = ANSWER = (10, 2000)  # characters
MOST_OPEN = 10  # CC-4
ANSWER_TERM = 30  # CC-5: days
MANUAL = "MANUAL"
SHOWN = 20  # requests, declarations, refusals of a page


class Event(StrEnum):
    SEARCHED = "contact_centre.searched"
    FOUND = "contact_centre.found"
    CARD_READ = "contact_centre.card_read"
    PAPERS_ASKED = "contact_centre.papers_asked"
    PAPERS_LISTED = "contact_centre.papers_listed"
    SCAN_READ = "contact_centre.scan_read"
    PAPERS_JUDGED = "contact_centre.papers_judged"
    CASES_FORGOTTEN = "contact_centre.cases_forgotten"
    COMPLAINED = "access_complaint.filed"
    OWN_COMPLAINTS_READ = "access_complaints.own_read"
    COMPLAINTS_READ = "access_complaints.read"
    COMPLAINT_READ = "access_complaint.read"
    ANSWERED = "access_complaint.answered"


class Reason(StrEnum):
    """Why somebody is looked for; told to the person with the reading."""

    CALL = "CALL"  # they called themselves
    LETTER = "LETTER"  # a written appeal
    CLINIC = "CLINIC"  # a clinic asks why something of its patient was refused
    COMPLAINT = "COMPLAINT"  # of theirs, about an access
    PAPERS = "PAPERS"  # theirs, which they have handed in


class TooManyFound(Rejected):
    """Nobody is shown of a crowd (CC-1)."""

    default = "More persons fit than may be shown, tell more of the person"


def must_name_somebody(asked: LookUp) -> None:
    """CC-1: a number alone, or name and birthday together, so that nobody leafs through the register.

    Raises Rejected naming what is missing.
    """
    if asked.has_number or asked.has_name:
        return
    wanted = ("last_name", "first_name", "birth_date")
    names = [name for name in wanted if getattr(asked, name) is None]
    given = any(getattr(asked, each.name) for each in fields(asked))
    missing = names if given else ["tax_id"]
    raise Rejected(invalid=tuple(Invalid(f"$.{name}", "required", "can't be blank") for name in missing))


def must_say_why(note: str) -> None:
    """CC-1: the reason in words. Raises Rejected naming the note."""
    if not NOTE[0] <= len(note) <= NOTE[1]:
        raise Rejected(invalid=(Invalid("$.note", "length", f"expected {NOTE[0]} to {NOTE[1]} characters", NOTE),))


@dataclass(frozen=True, slots=True)
class Case:
    """Why an operator looked for somebody, and whom they found."""

    id: UUID
    operator_id: UUID
    reason: Reason
    note: str
    person_ids: Sequence[UUID]
    inserted_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        """CC-3: an hour; afterwards the reason is told anew."""
        return now < self.expires_at


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One of the person's requests of any kind."""

    kind: str
    id: UUID
    status: str
    detail: str | None  # what it is to change, or why it ended
    channel: str
    legal_entity_name: str | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DeclarationLine:
    """A declaration with the names of its doctor and clinic."""

    id: UUID
    declaration_number: str
    status: str
    reason: str | None
    start_date: date
    end_date: date
    doctor: str
    legal_entity_name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty field as it was told."""

    entry: str
    description: str


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """What central refused about the person: the published error, when, to whom."""

    id: UUID
    at: datetime
    operation: str
    outcome: str
    status: int | None
    message: str | None
    faults: Sequence[Fault]
    request_id: str
    is_own: bool
    user_name: str | None
    position: str | None
    legal_entity_name: str | None
    system: str | None  # of the vendor through whom it was asked


@dataclass(frozen=True, slots=True)
class Card:
    """What an operator sees of a person: nothing of their medical records (CC-2)."""

    person: Person
    methods: Sequence[AuthenticationMethod]
    confidants: Sequence[ConfidantPerson]
    declarations: Sequence[DeclarationLine]
    requests: Sequence[RequestLine]
    refusals: Sequence[RefusalLine]
    has_more: bool  # refusals before those
    papers: OwnPapers | None  # that wait for a look


def read_faults(facts: Mapping[str, object]) -> tuple[int | None, str | None, list[Fault]]:
    """Status, words and fields of a refusal from the audit log; lines of earlier releases know the status only."""
    status, message, faults = facts.get("status"), facts.get("message"), facts.get("invalid")
    found = [each for each in faults if isinstance(each, dict)] if isinstance(faults, list) else []
    return (
        status if isinstance(status, int) else None,
        message if isinstance(message, str) else None,
        [Fault(str(each.get("entry", "")), str(each.get("description", ""))) for each in found],
    )


class ComplaintStatus(StrEnum):
    NEW = "NEW"
    ANSWERED = "ANSWERED"


# CC-5: answered once; who is not content writes another one.
COMPLAINT_MOVES = {
    ComplaintStatus.NEW: frozenset({ComplaintStatus.ANSWERED}),
    ComplaintStatus.ANSWERED: frozenset[ComplaintStatus](),
}


@dataclass(frozen=True, slots=True)
class About:
    """A line of the access log, by which the patient knows it."""

    at: datetime
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a patient complains of, until it is answered."""

    id: UUID
    person_id: UUID
    status: ComplaintStatus
    text: str
    about_at: datetime | None
    about_event: str | None
    answer_until: date
    inserted_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: UUID | None = None

    @property
    def about(self) -> About | None:
        return About(self.about_at, self.about_event) if self.about_at and self.about_event else None

    def is_late(self, today: date) -> bool:
        return self.status is ComplaintStatus.NEW and today > self.answer_until


def answer_until(today: date) -> date:
    """CC-5: the last day on which a complaint that came today is to be answered."""
    return today + timedelta(days=ANSWER_TERM)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an operator says of papers that they have compared with the record."""

    person_id: UUID
    papers_id: UUID
    is_right: bool
    comment: str


def judged(judgement: Judgement, now: datetime) -> dict[str, object]:
    """CC-7: the word about the person after that; what is wrong is told to them."""
    if judgement.is_right:
        return {"verification_status": "VERIFIED", "verification_reason": MANUAL}
    return papers_wanted(MANUAL, judgement.comment, now) | {"verification_status": "NOT_VERIFIED"}


def must_be_told(text: str, field: str, bounds: tuple[int, int]) -> None:
    """Raise Rejected naming the field when a text is too short to be understood, or too long."""
    if not bounds[0] <= len(text.strip()) <= bounds[1]:
        description = f"expected {bounds[0]} to {bounds[1]} characters"
        raise Rejected(invalid=(Invalid(f"$.{field}", "length", description, bounds),))


class OwnDeed(Conflict):
    """The complaint is about what the operator did who would answer it."""

    default = "Complaint is to be answered by another operator"


def must_be_of_another(line: Access | None, operator_id: UUID) -> None:
    """CC-6: nobody answers a complaint about themselves; raise OwnDeed."""
    if line is not None and line.user_id == operator_id:
        raise OwnDeed()


def the_same(found: Sequence[Complaint], about: About | None, text: str) -> Complaint | None:
    """CC-4: the open complaint that comes a second time. Raises Conflict for other words about the same line."""
    for each in found:
        if each.about == about and each.text == text:
            return each
    if about is not None and any(each.about == about for each in found):
        raise Conflict("Complaint about this access waits for an answer already")
    if len(found) >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} complaints wait for an answer already")
    return None
