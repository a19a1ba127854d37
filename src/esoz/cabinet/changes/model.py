"""What of the own data is changed on which page, and what a request for it looks like."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

from ..registration import forms
from ..registration.holder import Holder
from ..registration.model import address_of, document_of

Person = Mapping[str, Any]

MOST_BYTES = 10 * 1024 * 1024
NO_SCAN = _("Оберіть файл: знімок однієї сторінки у форматі JPEG, до 10 МБ.")
_JPEG = b"\xff\xd8\xff"


class Event(StrEnum):
    LISTED = "own_changes.read"
    READ = "own_change.read"
    ASKED = "own_change.created"
    SCANNED = "own_change.scan_sent"
    SIGNED = "own_change.signed"
    GIVEN_UP = "own_change.given_up"


class Part(StrEnum):
    """A page of what is changed together."""

    NAME = "name"
    DOCUMENT = "document"
    ADDRESS = "address"
    CONTACTS = "contacts"


# Word and colour of each status of a request.
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "NEW": (_("Чекає на підтвердження"), "yellow"),
    "APPROVED": (_("Чекає на підпис"), "yellow"),
    "SIGNED": (_("Змінено"), "green"),
    "REJECTED": (_("Скасовано"), "grey"),
    "CANCELLED": (_("Замінено новішою"), "grey"),
    "CANCELED": (_("Замінено новішою"), "grey"),
    "EXPIRED": (_("Строк минув"), "grey"),
}
# Not told by the record's owner: the number, and what registers say.
_NOT_SENT = ("id", "verification")


def holder_of(person: Person) -> Holder:
    """Who the patient is, for the forms that they share with the registration."""
    names = (person["last_name"], person["first_name"], person.get("second_name") or "")
    return Holder(*names, tax_id=person.get("tax_id") or "")


def values_of(part: Part, person: Person) -> dict[str, str]:
    """What the form of a part shows at first: the data as they stand."""
    if part is Part.NAME:
        return {name: person.get(name) or "" for name in ("last_name", "first_name", "second_name")}
    if part is Part.DOCUMENT:
        return {"unzr": person.get("unzr") or ""}
    if part is Part.ADDRESS:
        found = _residence(person)
        place = ", ".join(found[name] for name in ("settlement", "region", "area") if found.get(name))
        names = ("street_type", "street", "building", "apartment", "zip")
        told = {name: found.get(name) or "" for name in names}
        return told | {"settlement": found.get("settlement_id") or "", "settlement_text": place}
    contact = person.get("emergency_contact") or {}
    return {
        "phone": _mobile(person.get("phones")),
        "email": person.get("email") or "",
        "contact_last_name": contact.get("last_name") or "",
        "contact_first_name": contact.get("first_name") or "",
        "contact_phone": _mobile(contact.get("phones")),
    }


def changed(part: Part, person: Person, values: Mapping[str, str]) -> dict[str, Any]:
    """The whole published person with a part of them told anew."""
    kept = {name: value for name, value in person.items() if name not in _NOT_SENT and value is not None}
    if part is Part.NAME:
        return _filled(kept | dict(values))
    if part is Part.DOCUMENT:
        return _filled(
            kept | {"documents": _with_document(kept.get("documents") or (), values), "unzr": values["unzr"]}
        )
    if part is Part.ADDRESS:
        others = [each for each in kept.get("addresses") or () if each["type"] != "RESIDENCE"]
        return kept | {"addresses": [address_of(values), *others]}
    contact = {
        "last_name": values["contact_last_name"],
        "first_name": values["contact_first_name"],
        "phones": _with_mobile((kept.get("emergency_contact") or {}).get("phones"), values["contact_phone"]),
    }
    phones = _with_mobile(kept.get("phones"), values["phone"])
    return _filled(kept | {"phones": phones, "email": values["email"], "emergency_contact": contact})


def _with_document(documents: Sequence[Mapping[str, Any]], values: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """A new paper takes the place of the one of its kind; of the two passports one is had (PS-5)."""
    gone = {values["type"]}
    if values["type"] in forms.PASSPORTS:
        gone = set(forms.PASSPORTS)
    return [document_of(values), *(each for each in documents if each["type"] not in gone)]


def _with_mobile(phones: Sequence[Mapping[str, str]] | None, number: str) -> list[Mapping[str, str]]:
    """PS-6: one number of a kind; the others stay."""
    return [{"type": "MOBILE", "number": number}, *(each for each in phones or () if each["type"] != "MOBILE")]


def _mobile(phones: Sequence[Mapping[str, str]] | None) -> str:
    return next((each["number"] for each in phones or () if each["type"] == "MOBILE"), "")


def _residence(person: Person) -> Mapping[str, Any]:
    return next((each for each in person.get("addresses") or () if each["type"] == "RESIDENCE"), {})


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ""}


def to_be_signed(request: Mapping[str, Any]) -> bytes:
    """The exact bytes that are signed: the request as central tells it."""
    return json.dumps(request, ensure_ascii=False, sort_keys=True).encode()


def is_child(request: Mapping[str, Any]) -> bool:
    """Is it about a child that is registered by it: then it says who speaks for the child."""
    return bool(request["person"].get("confidant_person"))


def is_scan(content: bytes) -> bool:
    """Does a file begin as a JPEG does; central looks at the rest."""
    return content.startswith(_JPEG) and len(content) <= MOST_BYTES
