"""A request about a person: its states, its code, its papers, what it may carry."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.people import AuthenticationType, Document, PersonDetails
from esoz.kernel.errors import Conflict, Forbidden, Invalid, Problem, Rejected, TooMany, rejected
from esoz.kernel.spelling import plain_number
from esoz.kernel.states import move

FOLDER = "person_requests"
CHANNEL = "MIS"
TERM = timedelta(days=1)  # DC-26: the seed of declaration requests, none is published for these
KEEP_ENDED = timedelta(days=30)  # DC-26: then the data of who was not registered is forgotten
CODE_TERM = timedelta(minutes=15)  # OT-2
ATTEMPTS = 3  # OT-2: for each code that was sent
MOST_CODES = 5  # BG-12: with ATTEMPTS no more than fifteen guesses of nine thousand
PAUSE = timedelta(minutes=1)  # between two codes
PHONE_WINDOW, MOST_OF_PHONE = timedelta(hours=1), 12  # OT-4: codes that one telephone gets from all requests

INVALID_TRANSITION = "Invalid transition"


class Event(StrEnum):
    CREATED = "person_request.created"
    READ = "person_request.read"
    LISTED = "person_requests.read"
    APPROVED = "person_request.approved"
    CODE_REFUSED = "person_request.code_refused"
    CODE_RESENT = "person_request.code_resent"
    REJECTED = "person_request.rejected"
    SIGNED = "person_request.signed"
    ENDED = "person_requests.ended"


class Status(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"  # by a newer request, or by the end of its term: no other word is published


# DC-1
MOVES = {
    Status.NEW: frozenset({Status.APPROVED, Status.REJECTED, Status.CANCELLED}),
    Status.APPROVED: frozenset({Status.SIGNED, Status.REJECTED, Status.CANCELLED}),
    Status.SIGNED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
}
WAITING = frozenset({Status.NEW, Status.APPROVED})


class Unverified(Problem):
    """PS-11: nobody has shown that the telephone is in their hands."""

    status, type, default = 422, "unverified", "Unverified phone number"


class WrongCode(Problem):
    """The try is counted, so it stays; status and type are those of the publication."""

    status, type, default = 422, "forbidden", "Invalid verification code"
    keeps = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest:
    """What a clinic wrote down of a person; `method` and `phone` are how it is confirmed."""

    id: UUID
    version: int
    status: Status
    legal_entity_id: UUID
    person_id: UUID
    is_new: bool
    identity: str
    details: PersonDetails
    method: AuthenticationType
    content: str
    expires_at: datetime
    inserted_at: datetime
    updated_at: datetime
    channel: str = CHANNEL
    authorize_with: UUID | None = None
    phone: str | None = None
    code_digest: bytes | None = None
    code_expires_at: datetime | None = None
    codes_sent: int = 0
    code_sent_at: datetime | None = None
    wrong_codes: int = 0
    signed_document: str | None = None
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    def status_at(self, now: datetime) -> Status:
        """The status at a moment: what nobody signed in its term is over, whether or not a periodic task was here."""
        return Status.CANCELLED if self.status in WAITING and now >= self.expires_at else self.status

    @property
    def patient_id(self) -> UUID | None:
        """Whose record is touched: nobody's before a new person is registered."""
        return None if self.is_new and self.status is not Status.SIGNED else self.person_id


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


def needed_papers(details: PersonDetails, method: AuthenticationType) -> list[str]:
    """DC-11: whoever gets no code shows each paper; the birth certificate is not asked twice."""
    if method is AuthenticationType.OTP:
        return []
    own = [f"person.{document.type}" for document in details.documents]
    if details.no_tax_id or details.tax_id:
        own.insert(0, "person.no_tax_id" if details.no_tax_id else "person.tax_id")
    papers = [paper for confidant in details.confidant_persons for paper in confidant.documents_relationship]
    own_types = {document.type for document in details.documents}
    return own + [
        f"confidant_person.PRIMARY.RELATIONSHIP.{paper.type}"
        for paper in papers
        if not (paper.type == "BIRTH_CERTIFICATE" and paper.type in own_types)
    ]


def main_document(details: PersonDetails) -> Document:
    """The paper that the printed form names: a passport before others."""
    return min(details.documents, key=lambda each: each.type not in ("NATIONAL_ID", "PASSPORT"))


def with_code(request: PersonRequest, code: str, *, secret: bytes, now: datetime) -> PersonRequest:
    """A code was sent; the one before is void (OT-3). Raises TooMany when one was sent just now, or too many were."""
    if request.codes_sent >= MOST_CODES or (request.code_sent_at and now - request.code_sent_at < PAUSE):
        raise TooMany(headers={"Retry-After": str(int(PAUSE.total_seconds()))})
    return replace(
        request,
        code_digest=digest(code, request.id, secret=secret),
        code_expires_at=now + CODE_TERM,
        codes_sent=request.codes_sent + 1,
        code_sent_at=now,
        wrong_codes=0,
        updated_at=now,
    )


def is_right(request: PersonRequest, code: int | None, *, secret: bytes, now: datetime) -> bool:
    """Whether the code is the one that was sent (DC-15). Raises Rejected when none was given, Forbidden (OT-2)."""
    if code is None:
        raise rejected("$.verification_code", "required property verification_code was not present", rule="required")
    if request.code_digest is None or request.code_expires_at is None or now >= request.code_expires_at:
        raise Forbidden("Verification code expired")
    if request.wrong_codes >= ATTEMPTS:
        raise Forbidden("Maximum attempts exceed")
    return hmac.compare_digest(digest(str(code), request.id, secret=secret), request.code_digest)


def must_await_code(request: PersonRequest, now: datetime) -> None:
    """DC-13. Raises Conflict, or Forbidden where no code is waited for."""
    if request.status_at(now) is not Status.NEW:
        raise Conflict(INVALID_TRANSITION)
    if request.phone is None:
        raise Forbidden("Authentication method is not OTP")


def new_code(random: Callable[[int], bytes]) -> str:
    """Four digits, the first not a zero (the published body is a number); OT-1 knew 729 of them."""
    return str(1000 + int.from_bytes(random(8)) % 9000)


def digest(code: str, id: UUID, *, secret: bytes) -> bytes:
    """What is kept of a code (OT-8 kept it in clear)."""
    return hmac.digest(secret, b"esoz code of a person request" + id.bytes + code.encode(), hashlib.sha256)
