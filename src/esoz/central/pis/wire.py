"""Bodies and answers of signing in with КЕП, spelled as published."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec

from esoz.central import people

from .model import SignInRequest


class SignInBody(msgspec.Struct, frozen=True):
    token: SignInRequest


class CheckBody(msgspec.Struct, frozen=True):
    """Body of the validations of a registration."""

    signed_content: str
    signed_content_encoding: str = "base64"


class RegisterBody(msgspec.Struct, frozen=True):
    """Body of POST /api/pis/register."""

    signed_content: str
    signed_content_encoding: str = "base64"
    otp: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None


class RegisterForBody(msgspec.Struct, frozen=True):
    """Body of POST /api/pis/confidant/register."""

    signed_content: str
    jwt: str
    signed_content_encoding: str = "base64"


class LogInForBody(msgspec.Struct, frozen=True):
    """Body of POST /api/pis/confidant/login."""

    signed_content: str
    client_id: UUID
    grant_type: str
    scope: str
    signed_content_encoding: str = "base64"


PERSON = (
    "id",
    "first_name",
    "last_name",
    "second_name",
    "birth_date",
    "birth_country",
    "birth_settlement",
    "gender",
    "email",
    "tax_id",
    "secret",
    "documents",
    "addresses",
    "phones",
    "preferred_way_communication",
    "emergency_contact",
)
WARD = (*PERSON, "no_tax_id", "unzr")
Method: TypeAlias = people.AuthenticationMethod | people.AuthenticationDetails


def registration(details: people.PersonDetails) -> dict[str, Any]:
    """A person whose registration was read, with their telephones masked where codes go to."""
    return _person(details, PERSON) | {"authentication_methods": _methods(details.authentication_methods)}


def registration_for(details: people.PersonDetails, confidant: people.Person) -> dict[str, Any]:
    """The same of somebody who is registered by another."""
    return _ward(details, details.authentication_methods, confidant, details.confidant_persons[0])


def signed_up(person: people.Person, methods: Iterable[people.AuthenticationMethod], user_id: UUID) -> dict[str, Any]:
    """The person who signed up, with their telephones masked where codes go to."""
    shown = _person(person, PERSON) | {"authentication_methods": _methods(methods)}
    return {"person": shown, "user": user(person, user_id)}


def signed_up_for(
    person: people.Person,
    methods: Iterable[people.AuthenticationMethod],
    confidant: people.ConfidantPerson,
    user_id: UUID,
) -> dict[str, Any]:
    """The person who was signed up by another, and who that is."""
    return {"person": _ward(person, methods, confidant.person, confidant), "user": user(person, user_id)}


def profile(person: people.Person) -> dict[str, Any]:
    """Who somebody is, and nothing more."""
    return _person(person, ("id", "first_name", "last_name", "second_name"))


def user(person: people.Person, user_id: UUID) -> dict[str, Any]:
    return {"id": user_id} | _person(person, ["tax_id"])


def for_another(token: dict[str, Any], applicant_person_id: UUID) -> dict[str, Any]:
    """A token of a confidant: its details say who acts."""
    return token | {"details": token["details"] | {"applicant_person_id": applicant_person_id}}


def _person(person: people.Person | people.PersonDetails, names: Iterable[str]) -> dict[str, Any]:
    told = {name: value for name in names if (value := getattr(person, name, None)) is not None}
    return told | ({"documents": people.flat_documents(person.documents)} if "documents" in told else {})


def _ward(
    person: people.Person | people.PersonDetails,
    methods: Iterable[Method],
    confidant: people.Person,
    relation: people.ConfidantPerson | people.ConfidantDetails,
) -> dict[str, Any]:
    speaks = {
        "person_id": confidant.id,
        "first_name": confidant.first_name,
        "last_name": confidant.last_name,
        "second_name": confidant.second_name,
        "relation_type": relation.relation_type,
        "documents_relationship": relation.documents_relationship,
    }
    shown = _person(person, WARD) | {"authentication_methods": _methods(methods)}
    return shown | {"confidant_person": {name: value for name, value in speaks.items() if value is not None}}


def _methods(methods: Iterable[Method]) -> list[dict[str, Any]]:
    return [
        {"type": each.type}
        | ({"phone_number": people.mask_phone(each.phone_number)} if each.phone_number else {})
        | ({"value": each.value} if each.value else {})
        | ({"alias": each.alias} if each.alias else {})
        for each in methods
    ]
