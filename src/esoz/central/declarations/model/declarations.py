"""Declarations: shapes, statuses and rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.organisations import Division, LegalEntity
from esoz.central.people import AuthenticationMethod, ConfidantPerson, Person
from esoz.central.workforce import Employee
from esoz.kernel.errors import Conflict, Forbidden, NotFound, Rejected


class Event(StrEnum):
    """What the audit log tells of this context."""

    DECLARATIONS_READ = "declarations.read"
    DECLARATION_READ = "declaration.read"
    DECLARATION_CREATED = "declaration.created"
    DECLARATION_TERMINATED = "declaration.terminated"
    DECLARATION_VERIFIED = "declaration.verified"
    DECLARATION_REJECTED = "declaration.rejected"
    DECLARATION_CLOSED = "declaration.closed"
    DECLARATIONS_ENDED = "declarations.ended"
    OWN_DECLARATIONS_READ = "declarations.own_read"
    OWN_DECLARATION_READ = "declaration.own_read"
    VERIFICATIONS_READ = "persons.verifications_read"
    REQUEST_CREATED = "declaration_request.created"
    REQUEST_READ = "declaration_request.read"
    REQUESTS_READ = "declaration_requests.read"
    REQUEST_CODE_REFUSED = "declaration_request.code_refused"
    REQUEST_CODE_RESENT = "declaration_request.code_resent"
    REQUEST_APPROVED = "declaration_request.approved"
    REQUEST_REJECTED = "declaration_request.rejected"
    REQUEST_CANCELLED = "declaration_request.cancelled"
    REQUEST_EXPIRED = "declaration_request.expired"
    REQUEST_SIGNED = "declaration_request.signed"
    OWN_REQUESTS_READ = "declaration_requests.own_read"
    OWN_REQUEST_READ = "declaration_request.own_read"


class Status(StrEnum):
    ACTIVE = "active"
    PENDING_VERIFICATION = "pending_verification"
    TERMINATED = "terminated"
    CLOSED = "closed"
    REJECTED = "rejected"


# DC-2
MOVES = {
    Status.ACTIVE: frozenset({Status.TERMINATED, Status.CLOSED}),
    Status.PENDING_VERIFICATION: frozenset({Status.ACTIVE, Status.REJECTED, Status.TERMINATED}),
    Status.TERMINATED: frozenset[Status](),
    Status.CLOSED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
}
LIVE = frozenset({Status.ACTIVE, Status.PENDING_VERIFICATION})
ON_PAPER = "offline"  # DC-22: the reason why such a declaration waits
# DC-24: why a declaration ends.
REPLACED = "request_cancelled"  # a new one was signed
BY_PATIENT = "manual_person"
DEATH = "auto_dracs_death"
NOT_ACTIVE = "auto_person_deactivate"  # merged into another record
# The new declaration tells of the first; nobody is there to be told of the others.
UNTOLD = frozenset({REPLACED, DEATH, NOT_ACTIVE})
GONE_LOOKED_AT = timedelta(days=30)  # who died or was merged so long ago has no declaration any more

ADULT_AGE = 18  # GP-1
# Order of the Ministry of Health 503 of 19.03.2018: a declaration has no term; the API demands an end date,
# and the seed of 2019 gave 365 days, so an open end is written as the day after this many years.
TERM_YEARS = 100
# DC-8: the alphabet of numbers, without symbols that are mixed up when read aloud.
ALPHABET = "0A1E2H3K4M5P6T7X89"
PREFIX = "0001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The choice of a doctor by a person."""

    id: UUID
    declaration_number: str
    person_id: UUID
    employee_id: UUID
    division_id: UUID
    legal_entity_id: UUID
    declaration_request_id: UUID
    start_date: date
    end_date: date
    signed_at: datetime
    status: Status
    seed: str
    content: str
    inserted_at: datetime
    updated_at: datetime
    scope: str = "family_doctor"
    reason: str | None = None
    reason_description: str | None = None
    overlimit: bool = False
    signed_document: str | None = None

    def on(self, today: date) -> "Declaration":
        """As it is that day: an active one is closed after its last day, whether or not the periodic task was here."""
        # DC-7, DC-26
        is_over = self.status is Status.ACTIVE and self.end_date < today
        return replace(self, status=Status.CLOSED) if is_over else self


@dataclass(frozen=True, slots=True)
class DeclarationDetails:
    """A declaration with everyone in it."""

    declaration: Declaration
    person: Person
    confidants: Sequence[ConfidantPerson]
    employee: Employee
    division: Division
    legal_entity: LegalEntity
    method: AuthenticationMethod | None


@dataclass(frozen=True, slots=True)
class OwnDeclaration:
    """A declaration as its patient reads it: the doctor, the place, and who speaks for the patient."""

    declaration: Declaration
    employee: Employee
    division: Division
    legal_entity: LegalEntity
    confidant_id: UUID | None


class NotActive(Conflict):
    """Only an active declaration can be ended."""

    default = "Declaration is not active"


class WithAnotherClinic(Forbidden):
    """The person has a doctor elsewhere."""

    default = "Active declaration belongs to another msp"


class NoDeclaration(NotFound):
    """The person has no doctor."""

    default = "Not found active declaration with person for this legal entity!"


class OverLimit(Rejected):
    """The doctor has as many declarations as the law allows; the type is the published one."""

    type = "request_malformed"


def may_choose(speciality: str | None, age: int) -> bool:
    """A pediatrician takes children, a therapist adults, a family doctor everyone."""
    # DC-5
    match speciality:
        case "THERAPIST":
            return age >= ADULT_AGE
        case "PEDIATRICIAN":
            return age < ADULT_AGE
        case "FAMILY_DOCTOR":
            return True
    return False


def first_status(*, no_tax_id: bool, on_paper: bool) -> tuple[Status, str | None]:
    """The status of a new declaration and its reason: papers are looked at by the НСЗУ first."""
    # DC-22: no_tax_id is the first reason.
    if no_tax_id:
        return Status.PENDING_VERIFICATION, "no_tax_id"
    if on_paper:
        return Status.PENDING_VERIFICATION, ON_PAPER
    return Status.ACTIVE, None


def end_date(start: date, *, birth_date: date, speciality: str | None) -> date:
    """The last day: open, but a child leaves the pediatrician the day before the 18th birthday (DC-7)."""
    last = _years_later(start, TERM_YEARS)
    if speciality == "PEDIATRICIAN":
        last = min(last, _years_later(birth_date, ADULT_AGE) - timedelta(days=1))
    return last


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February of a common year: the birthday is on 1 March
        return date(day.year + years, 3, 1)


def number(random: Callable[[int], bytes]) -> str:
    """A declaration number as published, 0001-XXXX-XXXX; not to be guessed from the one before it."""
    # The system of 2019 counted them from a sequence: its numbers could be guessed (defect BG-15).
    value = int.from_bytes(random(16), "big")
    symbols = ""
    for _ in range(8):
        value, rest = divmod(value, len(ALPHABET))
        symbols += ALPHABET[rest]
    return f"{PREFIX}-{symbols[:4]}-{symbols[4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationFilter:
    """Filters of the lists; None means any."""

    person_id: UUID | None = None
    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    status: str | None = None
    reason: str | None = None
    declaration_number: str | None = None
    start_date_from: date | None = None
    start_date_to: date | None = None
    end_date_from: date | None = None
    end_date_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFilter:
    """Patients of one doctor by what registers say of them; `status` is that of the person."""

    employee_id: UUID
    verification_status: str
    status: str | None = None
    legal_entity_id: UUID | None = None
