"""A person of the master index, ways to authenticate, people who speak for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.kernel.errors import Conflict

from .names import UKRAINIAN, Name, names_of, principal


class Event(StrEnum):
    """What the audit log tells of this context."""

    PERSONS_SEARCHED = "persons.searched"
    PERSON_CREATED = "person.created"
    PERSON_UPDATED = "person.updated"
    METHOD_ADDED = "person.authentication_method_added"
    METHOD_RENAMED = "person.authentication_method_renamed"
    METHOD_ENDED = "person.authentication_method_ended"
    CONFIDANT_ADDED = "person.confidant_added"
    CONFIDANT_RENEWED = "person.confidant_renewed"
    CONFIDANT_ENDED = "person.confidant_ended"
    RELATIONSHIPS_READ = "person.confidants_read"
    MERGED_READ = "person.merged_read"
    PERSONAL_DATA_READ = "person.personal_data_read"
    AUTHENTICATION_METHODS_READ = "person.authentication_methods_read"
    REGISTER_SPOKE = "person.register_spoke"
    PEOPLE_SPOKE = "person.people_spoke"
    VERIFICATION_SETTLED = "person.verification_settled"
    VERIFICATION_READ = "person.verification_read"
    OWN_RECORD_READ = "person.own_record_read"
    OWN_AUTHENTICATION_METHODS_READ = "person.own_authentication_methods_read"
    OWN_VERIFICATION_READ = "person.own_verification_read"
    OWN_ACCESS_LOG_READ = "person.own_access_log_read"


class Status(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


# PS-27: merged away, or dead. Nobody comes back: a wrong merge is undone by a new person.
MOVES = {
    Status.ACTIVE: frozenset({Status.INACTIVE}),
    Status.INACTIVE: frozenset[Status](),
}


class AuthenticationType(StrEnum):
    """How a person confirms: code by SMS, papers, through another person, not asked yet."""

    OTP = "OTP"
    OFFLINE = "OFFLINE"
    THIRD_PERSON = "THIRD_PERSON"
    NA = "NA"


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paper that proves who the person is (DOCUMENT_TYPE)."""

    type: str
    number: str
    issued_by: str | None = None
    issued_at: date | None = None
    expiration_date: date | None = None
    issuing_country: str | None = None


class RelationshipDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paper that proves the right to speak for another person."""

    type: str
    number: str
    issued_by: str | None = None
    issued_at: date | None = None
    active_to: date | None = None


class EmergencyContact(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to call; where somebody has no surname stands NO_LAST_NAME."""

    first_name: str
    last_name: str
    phones: Sequence[Phone]
    second_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient, known to the whole country by one id.

    Three fields hold the one name that the older versions know, in the language `name_language`; `names` are all of
    them by language, and none where only the Ukrainian one was ever told.
    """

    id: UUID
    first_name: str
    last_name: str
    birth_date: date
    birth_country: str
    birth_settlement: str
    gender: str
    secret: str
    emergency_contact: EmergencyContact
    inserted_at: datetime
    updated_at: datetime
    second_name: str | None = None
    name_language: str = UKRAINIAN
    names: Sequence[Name] = ()
    email: str | None = None
    tax_id: str | None = None
    no_tax_id: bool = False
    unzr: str | None = None
    death_date: date | None = None
    status: Status = Status.ACTIVE
    is_active: bool = True
    patient_signed: bool = False
    process_disclosure_data_consent: bool = True
    preferred_way_communication: str | None = None
    documents: Sequence[Document] = ()
    addresses: Sequence[Address] = ()
    phones: Sequence[Phone] = ()
    verification_status: str = "NOT_VERIFIED"
    verification_details: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    minfin_validation_status: str = "NOT_VERIFIED"

    @property
    def full_name(self) -> str:
        """Last, first, second name."""
        return principal(names_of(self)).full


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationMethod:
    """One way to authenticate; `value` is the person behind THIRD_PERSON, `phone_number` stands with OTP."""

    id: UUID
    person_id: UUID
    type: AuthenticationType
    started_at: datetime
    inserted_at: datetime
    updated_at: datetime
    phone_number: str | None = None
    value: UUID | None = None
    alias: str | None = None
    is_active: bool = True
    ended_at: datetime | None = None
    inserted_by: UUID | None = None
    updated_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ContactMethod:
    """How a person is reached: `phone` is theirs or that of who speaks for them, None when there is none."""

    type: AuthenticationType
    phone: str | None


# The way that reaches a person soonest: their own phone, who speaks for them, paper.
_SOONEST = (
    AuthenticationType.OTP,
    AuthenticationType.THIRD_PERSON,
    AuthenticationType.OFFLINE,
    AuthenticationType.NA,
)


def soonest(methods: Sequence[AuthenticationMethod]) -> AuthenticationMethod | None:
    """The method that reaches the person soonest; None when there is none."""
    return min(methods, key=lambda method: _SOONEST.index(method.type), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """The right of one person to speak for another, and whether a register has confirmed it."""

    id: UUID
    person_id: UUID
    confidant_person_id: UUID
    relation_type: str
    documents_relationship: Sequence[RelationshipDocument]
    active_to: date | None
    verification_status: str = "VERIFICATION_NEEDED"
    verification_reason: str = "MANUAL_CREATED_BY_DOCTOR"


@dataclass(frozen=True, slots=True)
class ConfidantPerson:
    """A person who speaks for another, and why."""

    person: Person
    relation_type: str
    documents_relationship: Sequence[RelationshipDocument]
    active_to: date | None


@dataclass(frozen=True, slots=True)
class Ward:
    """A person for whom another speaks today, by what right, and until when; None when the right has no end."""

    person: Person
    relation_type: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Access:
    """One line of who touched a patient's record; a refused attempt has another outcome than `done`."""

    at: datetime
    event: str
    operation: str
    resource_id: str
    outcome: str
    legal_entity_id: UUID | None
    legal_entity_name: str | None
    user_name: str | None
    position: str | None
    is_own: bool
    confidant_name: str | None  # of who acted for the patient, or asked for whom they may act
    role: str | None  # of somebody who is no employee of a clinic: an operator of the contact centre
    reason: str | None
    user_id: UUID | None  # who it was; never told to the patient


class NotActive(Conflict):
    """The person is dead, merged away, or was never registered fully."""

    default = "Person is not active"


def must_be_active(person: Person) -> None:
    """Raise NotActive unless the person may be treated, declared, prescribed for (PS-18)."""
    if not person.is_active or person.status is not Status.ACTIVE:
        raise NotActive()


class SearchCriteria(msgspec.Struct, frozen=True):
    """Whom a search looks for, by the published names; names as typed, None means any."""

    first_name: str
    last_name: str
    birth_date: date
    second_name: str | None = None
    tax_id: str | None = None
    phone_number: str | None = None
    birth_place: str | None = None
    birth_certificate: str | None = None


class NameSearch(msgspec.Struct, frozen=True):
    """Whom a search by a name in one language looks for; an empty last name is that of who has none."""

    first_name: str
    birth_date: date
    language: Literal["uk", "en"]
    last_name: str | None = None
    second_name: str | None = None
    tax_id: str | None = None
    phone_number: str | None = None
    document_type: str | None = None
    document_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogFilter:
    """Which lines of the log: moments from (inclusive) to (exclusive), one event."""

    start: datetime | None = None
    end: datetime | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A person found by a search, with the records merged into it."""

    person: Person
    merged: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to authenticate; `confidant` is the person behind THIRD_PERSON."""

    method: AuthenticationMethod
    confidant: Person | None
