"""Requests about persons as published: names in three fields, or by language."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.central.people import (
    NO_LAST_NAME,
    AuthenticationDetails,
    AuthenticationType,
    ConfidantDetails,
    Document,
    EmergencyContact,
    Name,
    PersonDetails,
    RelationshipDocument,
    called,
    mask_phone,
    names_of,
)
from esoz.central.uploads import Expected
from esoz.kernel.payload import JSON, omit_none

from ..model.confirmation import Confirmed
from ..model.requests import PersonRequest


class MethodBody(msgspec.Struct, frozen=True):
    type: AuthenticationType
    phone_number: str | None = None
    value: UUID | None = None
    alias: str | None = None

    def details(self) -> AuthenticationDetails:
        return AuthenticationDetails(type=self.type, phone_number=self.phone_number, value=self.value, alias=self.alias)


class ConfidantBody(msgspec.Struct, frozen=True):
    person_id: UUID
    documents_relationship: tuple[RelationshipDocument, ...]

    def details(self) -> ConfidantDetails:
        return ConfidantDetails(person_id=self.person_id, documents_relationship=self.documents_relationship)


class DocumentBody(msgspec.Struct, frozen=True):
    """A paper without the country that issued it."""

    type: str
    number: str
    issued_by: str | None = None
    issued_at: date | None = None
    expiration_date: date | None = None


class ContactBody(msgspec.Struct, frozen=True):
    """Whom to call; not everybody has a surname."""

    first_name: str
    phones: tuple[Phone, ...]
    last_name: str = NO_LAST_NAME
    second_name: str | None = None


class _PersonBody(msgspec.Struct, frozen=True, kw_only=True):
    """What all versions have."""

    birth_date: date
    birth_country: str
    birth_settlement: str
    gender: str
    no_tax_id: bool
    secret: str
    addresses: tuple[Address, ...]
    id: UUID | None = None
    email: str | None = None
    tax_id: str | None = None
    unzr: str | None = None
    phones: tuple[Phone, ...] = ()
    authentication_methods: tuple[MethodBody, ...] = ()
    confidant_person: ConfidantBody | None = None

    def _details(self, **told: Any) -> PersonDetails:
        """What was told, an e-mail in small letters (DC-3)."""
        common = {name: getattr(self, name) for name in _PersonBody.__struct_fields__ if name not in _OTHERWISE}
        return PersonDetails(
            **common,
            **told,
            email=self.email and self.email.lower(),
            authentication_methods=tuple(each.details() for each in self.authentication_methods),
            confidant_persons=(self.confidant_person.details(),) if self.confidant_person else (),
        )


_OTHERWISE = {"id", "email", "authentication_methods", "confidant_person"}


class PersonBody(_PersonBody, frozen=True, kw_only=True):
    """The version with one name."""

    first_name: str
    last_name: str
    documents: tuple[DocumentBody, ...]
    emergency_contact: EmergencyContact
    second_name: str | None = None

    def details(self) -> PersonDetails:
        return self._details(
            first_name=self.first_name,
            last_name=self.last_name,
            second_name=self.second_name,
            documents=tuple(Document(**msgspec.structs.asdict(each)) for each in self.documents),
            emergency_contact=self.emergency_contact,
        )


class NamedBody(_PersonBody, frozen=True, kw_only=True):
    """The version with names by language."""

    names: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    documents: tuple[Document, ...]
    emergency_contact: ContactBody

    def details(self) -> PersonDetails:
        contact = EmergencyContact(**msgspec.structs.asdict(self.emergency_contact))
        first = self.names[0].first_name
        told = self._details(
            first_name=first, last_name=NO_LAST_NAME, documents=self.documents, emergency_contact=contact
        )
        return called(told, self.names)


class _Consented(msgspec.Struct, frozen=True, kw_only=True):
    patient_signed: bool
    process_disclosure_data_consent: bool
    authorize_with: UUID | None = None


class CreateBody(_Consented, frozen=True, kw_only=True):
    person: PersonBody


class NamedCreateBody(_Consented, frozen=True, kw_only=True):
    person: NamedBody


class ApproveBody(msgspec.Struct, frozen=True):
    """Without a code where papers are shown."""

    verification_code: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None


class SignBody(msgspec.Struct, frozen=True):
    signed_content: str
    signed_content_encoding: str = "base64"


class NamedListQuery(msgspec.Struct, frozen=True):
    status: Literal["NEW", "APPROVED", "SIGNED", "REJECTED", "CANCELLED"] | None = None


class ListQuery(NamedListQuery, frozen=True):
    legal_entity_id: UUID | None = None


def urgent(request: Confirmed, documents: Sequence[Expected]) -> JSON:
    """How the request is confirmed: the telephone masked (DC-10), and where papers are sent."""
    method = omit_none(type=request.method, phone_number=request.phone and mask_phone(request.phone))
    return {
        "authentication_method_current": [method],
        "documents": [{"type": each.type, "url": each.url} for each in documents],
    }


def in_list(request: PersonRequest) -> JSON:
    """A row of a list."""
    person = request.details
    names = omit_none(first_name=person.first_name, last_name=person.last_name, second_name=person.second_name)
    return {"id": request.id, "status": request.status, "person": names, "version": request.version}


def named_in_list(request: PersonRequest) -> JSON:
    """The same with names by language; `version` tells by which operation the whole request is read."""
    names = {"names": names_of(request.details)}
    return {"id": request.id, "status": request.status, "person": names, "version": request.version}


def signed(request: PersonRequest) -> JSON:
    """The answer to a signature: who the person is from now on."""
    return {
        "id": request.id,
        "status": request.status,
        "person_id": request.person_id,
        "inserted_at": request.inserted_at,
        "updated_at": request.updated_at,
    }


def code_sent(request: Confirmed) -> JSON:
    """The answer when a code was sent again."""
    return {"id": request.id, "status": "NEW", "code_expired_at": request.code_expires_at, "active": True}
