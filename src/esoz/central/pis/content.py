"""Documents that patients and those who speak for them sign: what must stand in them, and what of it is compared."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from esoz.central import people
from esoz.kernel.decoding import convert, must_be_known
from esoz.kernel.errors import rejected
from esoz.kernel.work import SchemaBook

from .model import Ward


def ward_of(content: Mapping[str, Any]) -> Ward:
    """Whom a confidant names in the document that they signed."""
    document = content.get("document") or {}
    return Ward(
        content["last_name"], content["given_name"], content.get("tax_id"), document.get("type"), document.get("number")
    )


def registered_person(
    schemas: SchemaBook, path: str, content: Mapping[str, Any], **changes: object
) -> people.PersonDetails:
    """The person of a signed registration; `changes` stand in the place of what the document says in another form.

    Raises Rejected naming the fields.
    """
    must_be_as_published(schemas, path, content)
    for consent in ("patient_signed", "process_disclosure_data_consent"):
        if content[consent] is not True:
            raise rejected(f"$.{consent}", "must be accepted", rule="acceptance")
    return convert({**content["person"], **changes}, people.PersonDetails, root="$.person", strict=False)


def digest_of(content: Mapping[str, Any]) -> str:
    """What two documents have in common when they register the same person with the same details."""
    person = json.dumps(content["person"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(person.encode()).hexdigest()


class WithNonce(msgspec.Struct, frozen=True):
    """What may stand beside the published members: the same document is signed for the check and for the act."""

    jwt: str = ""


def must_be_as_published(schemas: SchemaBook, path: str, content: Mapping[str, object]) -> None:
    """Raise Rejected naming the fields unless a document has the shape that its operation publishes."""
    schema = schemas.signed("POST", path)
    if schema is not None:
        schema.check(content)
        must_be_known(content, WithNonce, schema)
