"""What a patient's token may carry, whom one may speak for and by which paper, and the events of signing in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from esoz.central.people import Person, PersonDetails, age
from esoz.kernel.spelling import same_name, same_number
from esoz.spec.roles import role_scopes

PATIENT = "PATIENT"
GRANT = "pis_auth"
ADULT_AGE = 18  # person_full_legal_capacity_age: public documentation, page 17629544512


class Event(StrEnum):
    SIGNED_IN = "patient.signed_in"
    SIGNED_IN_FOR = "patient.signed_in_for"
    SIGNED_UP = "patient.signed_up"
    SIGNED_UP_FOR = "patient.signed_up_for"
    SIGN_UP_READ = "patient.sign_up_read"
    PROFILE_READ = "patient.profile_read"
    CIVIL_ACTS_IMPORTED = "civil_acts.imported"
    TOKENS_ENDED = "patient.tokens_of_others_ended"


@dataclass(frozen=True, slots=True)
class Ward:
    """Whom a confidant names in the document that they sign."""

    last_name: str
    given_name: str
    tax_id: str | None = None
    document_type: str | None = None
    document_number: str | None = None

    def is_named(self) -> bool:
        """A name alone is not enough: it is nobody's own."""
        return bool(self.tax_id or (self.document_type and self.document_number))

    def matches(self, person: Person) -> bool:
        """Is this the person: the names, and the tax number or one of the documents."""
        names = " ".join(part for part in (person.first_name, person.second_name) if part)
        if not (same_name(self.last_name, person.last_name) and same_name(self.given_name, names)):
            return False
        if self.tax_id:
            return same_number(self.tax_id, person.tax_id)
        return any(
            each.type == self.document_type and same_number(each.number, self.document_number)
            for each in person.documents
        )


class ActKind(StrEnum):
    """BIRTH: parents of a child; GUARDIANSHIP: who was appointed to speak for somebody, of any age."""

    BIRTH = "BIRTH"
    GUARDIANSHIP = "GUARDIANSHIP"


@dataclass(frozen=True, slots=True)
class CivilAct:
    """A record of the state registers that lets somebody speak for another; `tax_ids` are of those who may."""

    id: UUID
    kind: ActKind
    number: str
    last_name: str
    first_name: str
    birth_date: date
    tax_ids: frozenset[str]
    ends_on: date | None = None

    def lets(self, numbers: Collection[str], ward: PersonDetails, today: date) -> bool:
        """May who has one of these tax ids or documents speak for this person today."""
        if self.ends_on is not None and self.ends_on < today:
            return False
        if self.kind is ActKind.BIRTH and age(self.birth_date, today) >= ADULT_AGE:
            return False
        is_ward = same_name(ward.last_name, self.last_name) and same_name(ward.first_name, self.first_name)
        is_named = any(same_number(number, each) for number in numbers for each in self.tax_ids)
        return is_named and is_ward and ward.birth_date == self.birth_date


def papers_of(ward: PersonDetails) -> Iterable[str]:
    """Numbers of the papers that are told as proof of the relation."""
    return (paper.number for confidant in ward.confidant_persons for paper in confidant.documents_relationship)


def allowed(scope: str) -> tuple[frozenset[str], frozenset[str]]:
    """Of the scopes asked for: those that a patient may have, and those they may not."""
    requested = frozenset(scope.split())
    return requested & role_scopes(PATIENT), requested - role_scopes(PATIENT)


class SignInRequest(msgspec.Struct, frozen=True):
    """Inside `token`; `signed_content` is base64 of a signed {"jwt": <nonce>}."""

    grant_type: str
    client_id: UUID
    client_secret: str
    signed_content: str
    scope: str
    signed_content_encoding: str = "base64"


class ClientGrant(msgspec.Struct, frozen=True):
    """Inside `token`, where the signed document stands beside it."""

    grant_type: str
    client_id: UUID
    client_secret: Annotated[str, msgspec.Meta(max_length=1000)]
    scope: str


class SignedRequest(msgspec.Struct, frozen=True):
    """Body of POST /api/pis/sign-up, /api/pis/confidant/sign-in and /api/pis/confidant/sign-up."""

    signed_content: str
    token: ClientGrant
    signed_content_encoding: str = "base64"
    otp: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None
