"""The fields of the form, and the form of what central keeps of a person."""

from collections.abc import Mapping
from typing import Any

from esoz.kernel.pages.reading import YES

from ..model.papers import MOST_DOCUMENTS

CHOICES = ("GENDER", "DOCUMENT_TYPE", "STREET_TYPE", "DOCUMENT_RELATIONSHIP_TYPE")
OF_PERSON = (
    *("last_name", "first_name", "second_name", "gender", "birth_date", "birth_country", "birth_settlement"),
    *("tax_id", "no_tax_id", "unzr"),
)
OF_DOCUMENT = ("type", "number", "issued_by", "issued_at", "expiration_date")
OF_ADDRESS = ("settlement", "settlement_text", "street_type", "street", "building", "apartment", "zip")
OF_CONTACTS = ("phone", "email", "contact_last_name", "contact_first_name", "contact_phone", "code_word")
OF_METHOD = ("method", "method_phone")


def document_field(row: int, name: str) -> str:
    return f"document_{row}_{name}"


FORM_FIELDS = (
    *OF_PERSON,
    "document_rows",
    *(document_field(row, name) for row in range(1, MOST_DOCUMENTS + 1) for name in OF_DOCUMENT),
    *OF_ADDRESS,
    *OF_CONTACTS,
    *OF_METHOD,
)


def rows_of(values: Mapping[str, str]) -> int:
    """How many documents the form has room for."""
    asked = values.get("document_rows", "1")
    return min(max(int(asked), 1), MOST_DOCUMENTS) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else 1


def form_of(person: Mapping[str, Any], place: str) -> dict[str, str]:
    """The form of what central keeps; `place`: words of the settlement of residence."""
    told = ("last_name", "first_name", "second_name", "gender", "birth_date", "birth_country", "birth_settlement")
    values = {name: str(person.get(name) or "") for name in (*told, "tax_id", "unzr", "email")}
    values["no_tax_id"] = YES if person.get("no_tax_id") else ""
    values["code_word"] = str(person.get("secret") or "")
    values["phone"] = _number(person.get("phones"))
    contact = person.get("emergency_contact") or {}
    values["contact_last_name"] = str(contact.get("last_name") or "")
    values["contact_first_name"] = str(contact.get("first_name") or "")
    values["contact_phone"] = _number(contact.get("phones"))
    return values | _documents(person.get("documents") or []) | _address(person.get("addresses") or [], place)


def _number(phones: Any) -> str:
    return str(phones[0].get("number") or "") if phones else ""


def _documents(documents: list[Mapping[str, Any]]) -> dict[str, str]:
    kept = documents[:MOST_DOCUMENTS]
    values = {"document_rows": str(max(len(kept), 1))}
    for row, document in enumerate(kept, 1):
        values |= {document_field(row, name): str(document.get(name) or "") for name in OF_DOCUMENT}
    return values


def _address(addresses: list[Mapping[str, Any]], place: str) -> dict[str, str]:
    found: Mapping[str, Any] = next((each for each in addresses if each.get("type") == "RESIDENCE"), {})
    names = ("street_type", "street", "building", "apartment", "zip")
    values = {name: str(found.get(name) or "") for name in names}
    return values | {"settlement": str(found.get("settlement_id") or ""), "settlement_text": place}
