"""Requests about persons as published, version 2: names in three fields."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.central.people import (
    AuthenticationDetails,
    AuthenticationType,
    ConfidantDetails,
    Document,
    EmergencyContact,
    PersonDetails,
    RelationshipDocument,
    mask_phone,
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


class PersonBody(msgspec.Struct, frozen=True):
    first_name: str
    last_name: str
    birth_date: date
    birth_country: str
    birth_settlement: str
    gender: str
    no_tax_id: bool
    secret: str
    documents: tuple[Document, ...]
    addresses: tuple[Address, ...]
    emergency_contact: EmergencyContact
    id: UUID | None = None
    second_name: str | None = None
    email: str | None = None
    tax_id: str | None = None
    unzr: str | None = None
    phones: tuple[Phone, ...] = ()
    authentication_methods: tuple[MethodBody, ...] = ()
    confidant_person: ConfidantBody | None = None

    def details(self) -> PersonDetails:
        """What was told, an e-mail in small letters (DC-3)."""
        told = {name: getattr(self, name) for name in self.__struct_fields__ if name not in _OTHERWISE}
        return PersonDetails(
            **told,
            email=self.email and self.email.lower(),
            authentication_methods=tuple(each.details() for each in self.authentication_methods),
            confidant_persons=(self.confidant_person.details(),) if self.confidant_person else (),
        )


_OTHERWISE = {"id", "email", "authentication_methods", "confidant_person"}


class CreateBody(msgspec.Struct, frozen=True):
    person: PersonBody
    patient_signed: bool
    process_disclosure_data_consent: bool
    authorize_with: UUID | None = None


class ApproveBody(msgspec.Struct, frozen=True):
    """Without a code where papers are shown."""

    verification_code: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None


class SignBody(msgspec.Struct, frozen=True):
    signed_content: str
    signed_content_encoding: str = "base64"


class ListQuery(msgspec.Struct, frozen=True):
    legal_entity_id: UUID | None = None
    status: Literal["NEW", "APPROVED", "SIGNED", "REJECTED", "CANCELLED"] | None = None


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
