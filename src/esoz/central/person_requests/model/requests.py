"""A request to register a person or to change their data: its states, what it may carry."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.people import TAX_ID_AGE, AuthenticationType, Person, PersonDetails, age
from esoz.kernel.errors import Conflict, Forbidden, Invalid, Rejected, rejected
from esoz.kernel.spelling import plain_number
from esoz.kernel.states import move
from esoz.kernel.work import Actor

from .confirmation import Confirmed

FOLDER = "person_requests"
CHANNEL = "MIS"
THREE_FIELDS, NAMES_BY_LANGUAGE = 2, 3  # versions of the API, by how they tell what somebody is called
OWN_CHANNEL = "PIS"  # the person's own request, through a cabinet
TERM = timedelta(days=1)  # DC-26: the seed of declaration requests, none is published for these
KEEP_ENDED = timedelta(days=30)  # DC-26: then the data of who was not registered is forgotten

INVALID_TRANSITION = "Invalid transition"


class Status(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"  # by a newer request; of a clinic's by the end of its term, too: it has no other word
    EXPIRED = "EXPIRED"  # an own request whose term is over


# DC-1
MOVES = {
    Status.NEW: frozenset({Status.APPROVED, Status.REJECTED, Status.CANCELLED}),
    Status.APPROVED: frozenset({Status.SIGNED, Status.REJECTED, Status.CANCELLED, Status.EXPIRED}),
    Status.SIGNED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}
WAITING = frozenset({Status.NEW, Status.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest(Confirmed):
    """What a clinic wrote down of a person, or they themselves; `method` and `phone` are how it is confirmed."""

    version: int
    status: Status
    legal_entity_id: UUID | None  # None of an own request
    is_new: bool
    identity: str
    details: PersonDetails
    content: str
    expires_at: datetime
    inserted_at: datetime
    channel: str = CHANNEL
    authorize_with: UUID | None = None
    signed_document: str | None = None
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    def status_at(self, now: datetime) -> Status:
        """The status at a moment: what nobody signed in its term is over, whether or not a periodic task was here."""
        if self.status not in WAITING or now < self.expires_at:
            return self.status
        return Status.EXPIRED if self.channel == OWN_CHANNEL else Status.CANCELLED

    def is_by(self, person_id: UUID) -> bool:
        """PS-31: whether the person made it: about themselves, or about a child that was not registered before."""
        asked = self.confirmed_by if self.is_new else self.person_id
        return self.channel == OWN_CHANNEL and asked == person_id

    @property
    def patient_id(self) -> UUID | None:
        """Whose record is touched: nobody's before a new person is registered."""
        return None if self.is_new and self.status is not Status.SIGNED else self.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFilter:
    """What the list of a person's own requests is narrowed by."""

    status: Status | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """What a list is narrowed by."""

    legal_entity_id: UUID | None = None
    status: Status | None = None


def moved(request: PersonRequest, target: Status, now: datetime, by: UUID | None) -> PersonRequest:
    """The request in another status. Raises Conflict with the published text (DC-1)."""
    status = move(MOVES, request.status_at(now), target, message=INVALID_TRANSITION)
    return replace(request, status=status, code_digest=None, updated_at=now, updated_by=by)


def must_suit_purpose(details: PersonDetails, *, is_new: bool) -> None:
    """Raise Rejected naming blocks that the published table of create and update forbids or requires.

    A way to authenticate is told at registration, and not that of somebody who was never asked.
    """
    methods, confidants = details.authentication_methods, details.confidant_persons
    faults = []
    if is_new and not methods:
        faults.append(
            _fault("authentication_methods", "required", "required property authentication_methods was not present")
        )
    if not is_new and methods:
        faults.append(
            _fault("authentication_methods", "invalid", "Authentication methods can not be changed by this request")
        )
    if not is_new and confidants:
        faults.append(_fault("confidant_person", "invalid", "Confidant person can not be changed by this request"))
    for number, method in enumerate(methods):
        if method.type is AuthenticationType.NA:
            faults.append(_fault(f"authentication_methods[{number}].type", "inclusion", "value is not allowed in enum"))
    if faults:
        raise Rejected(invalid=tuple(faults))


def _fault(place: str, rule: str, text: str) -> Invalid:
    return Invalid(f"$.person.{place}", rule, text)


def must_be_consented(*, patient_signed: bool, consent: bool) -> None:
    """PS-14: the consent is given; the form is not signed before it was printed."""
    if patient_signed:
        raise rejected("$.patient_signed", "value is not allowed in enum", rule="inclusion")
    if not consent:
        raise rejected("$.process_disclosure_data_consent", "value is not allowed in enum", rule="inclusion")


def identity_of(details: PersonDetails, person_id: UUID | None) -> str:
    """DC-6: by what a newer request of the clinic is known to be about the same person."""
    if person_id is not None:
        return f"person {person_id}"
    if details.tax_id:
        return f"tax_id {details.tax_id}"
    first = min(details.documents, key=lambda each: each.type)
    return f"{first.type} {plain_number(first.number)} {details.birth_date}"


def must_await_code(request: PersonRequest, now: datetime) -> None:
    """DC-13. Raises Conflict, or Forbidden where no code is waited for."""
    if request.status_at(now) is not Status.NEW:
        raise Conflict(INVALID_TRANSITION)
    if request.phone is None:
        raise Forbidden("Authentication method is not OTP")


def must_be_child(details: PersonDetails, today: date) -> None:
    """PS-31: whom a parent registers is not fourteen yet; from then on people register themselves. Raises Rejected."""
    if details.birth_date <= today and age(details.birth_date, today) >= TAX_ID_AGE:
        raise rejected("$.person.birth_date", "Person must be under 14 years old")


def must_speak_for_themselves(actor: Actor) -> None:
    """PS-31: who acts for another registers nobody in that name. Raises Forbidden."""
    if actor.applicant_id is not None:
        raise Forbidden("Only the person themselves can register a child")


def must_keep_tax_id(person: Person, details: PersonDetails) -> None:
    """CB-4: who has a tax id keeps it, for the key that signs has it too. Raises Rejected."""
    if person.tax_id is not None and details.tax_id != person.tax_id:
        raise rejected("$.person.tax_id", "Person's tax ID can not be changed")


def papers_of_change(person: Person, details: PersonDetails) -> list[str]:
    """CB-4: which papers an own change has to show: all when who somebody is changes, else those that are new.

    An address, a telephone or whom to call is taken at their word.
    """
    known = {(paper.type, plain_number(paper.number)) for paper in person.documents}
    is_other = any(getattr(person, name) != getattr(details, name) for name in _IDENTITY)
    return [
        paper.type for paper in details.documents if is_other or (paper.type, plain_number(paper.number)) not in known
    ]


_IDENTITY = ("last_name", "first_name", "second_name", "birth_date", "gender", "tax_id")
