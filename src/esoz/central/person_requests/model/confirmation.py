"""How somebody confirms what a clinic asks for: by a code to a telephone, or by scans of their papers."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from esoz.central.people import AuthenticationType, Person, PersonDetails
from esoz.kernel.errors import Forbidden, Problem, TooMany, rejected

CODE_TERM = timedelta(minutes=15)  # OT-2
ATTEMPTS = 3  # OT-2: for each code that was sent
MOST_CODES = 5  # BG-12: with ATTEMPTS no more than fifteen guesses of nine thousand
PAUSE = timedelta(minutes=1)  # between two codes
PHONE_WINDOW, MOST_OF_PHONE = timedelta(hours=1), 12  # OT-4: codes that one telephone gets from all requests
DAY, MOST_A_DAY = timedelta(days=1), 30  # OT-4: to one telephone, and about one person to whichever


class Unverified(Problem):
    """PS-11: nobody has shown that the telephone is in their hands."""

    status, type, default = 422, "unverified", "Unverified phone number"


class CodeSent(Unverified):
    """The same, and a code is on its way to the telephone; it comes with the next try, so what was sent stays."""

    keeps = True


class WrongCode(Problem):
    """The try is counted, so it stays; status and type are those of the publication."""

    status, type, default = 422, "forbidden", "Invalid verification code"
    keeps = True


@dataclass(frozen=True, slots=True)
class Way:
    """Confirmed by a code to `phone`, or by papers where there is none; `by` another where one does."""

    type: AuthenticationType
    phone: str | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class CodesSent:
    """How many codes went out lately."""

    to_phone_in_hour: int
    to_phone_in_day: int
    about_person_in_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What is common to requests that somebody confirms; `phone` is None where papers are shown.

    `confirmed_by` is who does it in the place of the person.
    """

    id: UUID
    person_id: UUID
    method: AuthenticationType
    updated_at: datetime
    phone: str | None = None
    confirmed_by: UUID | None = None
    code_digest: bytes | None = None
    code_expires_at: datetime | None = None
    codes_sent: int = 0
    code_sent_at: datetime | None = None
    wrong_codes: int = 0


C = TypeVar("C", bound=Confirmed)


def needed_papers(person: PersonDetails | Person, method: AuthenticationType) -> list[str]:
    """DC-11: whoever gets no code shows each paper; the birth certificate is not asked twice."""
    if method is AuthenticationType.OTP:
        return []
    own = [f"person.{document.type}" for document in person.documents]
    if person.no_tax_id or person.tax_id:
        own.insert(0, "person.no_tax_id" if person.no_tax_id else "person.tax_id")
    if isinstance(person, Person):
        return own
    papers = [paper for confidant in person.confidant_persons for paper in confidant.documents_relationship]
    own_types = {document.type for document in person.documents}
    return own + [
        f"confidant_person.PRIMARY.RELATIONSHIP.{paper.type}"
        for paper in papers
        if not (paper.type == "BIRTH_CERTIFICATE" and paper.type in own_types)
    ]


def with_code(request: C, code: str, *, secret: bytes, now: datetime) -> C:
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


def is_right(request: Confirmed, code: int | None, *, secret: bytes, now: datetime) -> bool:
    """Whether the code is the one that was sent (DC-15). Raises Rejected when none was given, Forbidden (OT-2)."""
    if code is None:
        raise rejected("$.verification_code", "required property verification_code was not present", rule="required")
    if request.code_digest is None or request.code_expires_at is None or now >= request.code_expires_at:
        raise Forbidden("Verification code expired")
    if request.wrong_codes >= ATTEMPTS:
        raise Forbidden("Maximum attempts exceed")
    return hmac.compare_digest(digest(str(code), request.id, secret=secret), request.code_digest)


def wait_for_codes(sent: CodesSent) -> timedelta | None:
    """How long no further code goes out (OT-4), None when one may go now."""
    if max(sent.to_phone_in_day, sent.about_person_in_day) >= MOST_A_DAY:
        return DAY
    return PHONE_WINDOW if sent.to_phone_in_hour >= MOST_OF_PHONE else None


def guessed(request: C, now: datetime) -> C:
    """A wrong code was tried."""
    return replace(request, wrong_codes=request.wrong_codes + 1, updated_at=now)


def new_code(random: Callable[[int], bytes]) -> str:
    """Four digits, the first not a zero (the published body is a number); OT-1 knew 729 of them."""
    return str(1000 + int.from_bytes(random(8)) % 9000)


def digest(code: str, id: UUID, *, secret: bytes) -> bytes:
    """What is kept of a code (OT-8 kept it in clear)."""
    return hmac.digest(secret, b"esoz code of a person request" + id.bytes + code.encode(), hashlib.sha256)
