"""A person's own requests as published for cabinets."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec

from esoz.central.people import AuthenticationType, PersonDetails, RelationshipDocument
from esoz.central.uploads import Expected
from esoz.kernel.decoding import convert
from esoz.kernel.errors import rejected
from esoz.kernel.payload import JSON, omit_none

from ..model.methods import Change
from ..model.requests import PersonRequest, Status


class OwnBody(msgspec.Struct, frozen=True):
    """Body of the two operations that create a request; `patient_signed` is as the sender likes it."""

    person: Mapping[str, Any]
    patient_signed: bool
    process_disclosure_data_consent: bool

    def details(self) -> PersonDetails:
        """What was told, an e-mail in small letters (DC-3). Raises Rejected, of a consent that is not given too."""
        if not self.process_disclosure_data_consent:
            raise rejected("$.process_disclosure_data_consent", "value is not allowed in enum", rule="inclusion")
        told = {**self.person, "authentication_methods": [], "confidant_persons": []}
        if isinstance(told.get("email"), str):
            told["email"] = told["email"].lower()
        return convert(told, PersonDetails, root="$.person", strict=False)


class ChildBody(OwnBody, frozen=True):
    """Body of the operation by which a parent registers a child; the papers say why they speak for it."""

    documents_relationship: tuple[RelationshipDocument, ...]


class OwnListQuery(msgspec.Struct, frozen=True):
    status: Status | None = None
    channel: str | None = None


class NewMethod(msgspec.Struct, frozen=True):
    type: AuthenticationType
    phone_number: str
    alias: str | None = None


class OwnMethodBody(msgspec.Struct, frozen=True):
    """`otp`: the code that the new telephone got, as at the sign-up."""

    authentication_method: NewMethod
    otp: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None

    def change(self) -> Change:
        told = self.authentication_method
        return Change(type=told.type, phone_number=told.phone_number, alias=told.alias)


class AliasBody(msgspec.Struct, frozen=True):
    alias: str | None = None


def urgent(documents: Sequence[Expected]) -> JSON:
    """Where the papers are sent that the change has to show."""
    return {"documents": [{"type": each.type, "url": each.url} for each in documents]}


def urgent_of_one(documents: Sequence[Expected]) -> JSON:
    """The same for a request that is read again: what has come may be sent anew until it is signed."""
    return {"documents": [{"type": each.type, "url": each.url, "is_uploaded": each.has_come} for each in documents]}


def in_list(request: PersonRequest) -> JSON:
    """A row of the list."""
    person = request.details
    names = omit_none(first_name=person.first_name, last_name=person.last_name, second_name=person.second_name)
    return {
        "id": request.id,
        "status": request.status,
        "channel": request.channel,
        "inserted_at": request.inserted_at,
        "updated_at": request.updated_at,
        "person": names,
    }


def completed(request: PersonRequest) -> JSON:
    """The answer to the signature."""
    return {
        "id": request.id,
        "status": request.status,
        "person_id": request.person_id,
        "updated_at": request.updated_at,
    }
