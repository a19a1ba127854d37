"""Which field of the form an entry of central's refusal is about."""

import re

from .fields import OF_CONTACTS, OF_PERSON, document_field

_ENTRY = re.compile(r"^\$\.(?:person\.)?(\w+)(?:\[(\d+)\])?(?:\.(\w+))?(?:\[(\d+)\])?(?:\.(\w+))?$")
_FIRST = {"phones": "phone", "secret": "code_word"}
_OF_ADDRESS = frozenset({"street", "street_type", "building", "apartment", "zip"})
_OF_DOCUMENT = frozenset({"type", "number", "issued_by", "issued_at", "expiration_date"})


def field_of(entry: str) -> str:
    """The field of the form; "" when none is."""
    found = _ENTRY.match(entry)
    return _field(found[1], int(found[2] or 0) + 1, found[3] or "") if found else ""


def _field(name: str, row: int, member: str) -> str:
    match name:
        case "documents":
            return document_field(row, member if member in _OF_DOCUMENT else "type")
        case "addresses":
            return member if member in _OF_ADDRESS else "settlement"
        case "emergency_contact":
            return f"contact_{member}" if member in ("last_name", "first_name") else "contact_phone"
        case "authentication_methods":
            return "method_phone" if member == "phone_number" else "method"
        case _:
            field = _FIRST.get(name, name)
            return field if field in OF_PERSON or field in OF_CONTACTS else ""
