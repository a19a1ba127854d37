"""The body of a patient's sign-in, as published."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec

from esoz.central import people

from .model import Ward


class SignIn(msgspec.Struct, frozen=True):
    """Inside `token`; `signed_content` is base64 of a signed {"jwt": <nonce>}."""

    grant_type: str
    client_id: UUID
    client_secret: str
    signed_content: str
    scope: str
    signed_content_encoding: str = "base64"


class SignInBody(msgspec.Struct, frozen=True):
    token: SignIn


class Grant(msgspec.Struct, frozen=True):
    """Inside `token`, where the signed document stands beside it."""

    grant_type: str
    client_id: UUID
    client_secret: Annotated[str, msgspec.Meta(max_length=1000)]
    scope: str


class SignedBody(msgspec.Struct, frozen=True):
    """Body of POST /api/pis/sign-up and POST /api/pis/confidant/sign-in."""

    signed_content: str
    token: Grant
    signed_content_encoding: str = "base64"
    otp: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None


PERSON = (
    "id", "first_name", "last_name", "second_name", "birth_date", "birth_country", "birth_settlement", "gender",
    "email", "tax_id", "secret", "documents", "addresses", "phones", "preferred_way_communication",
    "emergency_contact",
)  # fmt: skip


def signed_up(person: people.Person, methods: Iterable[people.AuthenticationMethod], user_id: UUID) -> dict[str, Any]:
    """The person who signed up, with their telephones masked where codes go to."""
    shown = {name: value for name in PERSON if (value := getattr(person, name)) is not None}
    shown["authentication_methods"] = [
        {"type": each.type} | ({"phone_number": people.mask_phone(each.phone_number)} if each.phone_number else {})
        for each in methods
    ]
    return {"person": shown, "user": {"id": user_id, "tax_id": person.tax_id}}


def for_another(token: dict[str, Any], applicant_person_id: UUID) -> dict[str, Any]:
    """A token of a confidant: its details say who acts."""
    return token | {"details": token["details"] | {"applicant_person_id": applicant_person_id}}


def ward(content: Mapping[str, Any]) -> Ward:
    """Whom a confidant names in the document that they signed."""
    document = content.get("document") or {}
    return Ward(
        content["last_name"], content["given_name"], content.get("tax_id"), document.get("type"), document.get("number")
    )
