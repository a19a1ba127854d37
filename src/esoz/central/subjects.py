"""Whom a refused request was about: it is found with that person, by themselves and by who helps them.

A path often names a request or a prescription, a body the person; neither is looked at before something is refused.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection

# What the first variable of a path names, and how its person is found.
PATHS: Mapping[str, str] = {
    "persons": "select $1::uuid",
    "patients": "select $1::uuid",
    "prepersons": "select $1::uuid",
    "declarations": "select person_id from declarations where id = $1",
    "declaration_requests": "select person_id from declaration_requests where id = $1",
    "person_requests": "select person_id from person_requests where id = $1",
    "medication_request_requests": "select person_id from prescription_numbers where id = $1",
    "medication_requests": "select person_id from prescription_numbers where id = $1",
    "medication_dispenses": "select person_id from dispense_persons where id = $1",
    "service_requests": "select person_id from service_request_numbers where id = $1",
    "care_plans": "select person_id from care_plan_numbers where id = $1",
    "device_dispenses": "select person_id from device_dispense_persons where id = $1",
    "device_requests": "select person_id from device_request_numbers where id = $1",
    "merge_requests": "select master_person_id from merge_requests where id = $1",
}
# Where a body names its person, its prescription, or the tax id of who was to be registered.
PERSONS = (("person_id",), ("person", "id"), ("medication_request_request", "person_id"), ("master_person_id",))
PRESCRIPTION = ("medication_dispense", "medication_request_id")
TAX_ID = ("person", "tax_id")


async def whose(db: Connection, path: str, params: Mapping[str, str], body: bytes) -> UUID | None:
    """The person that a request was about, None where it names none."""
    found: UUID | None = None
    if (named := _named(path, params)) is not None:
        found = await db.fetchval(PATHS[named[0]], named[1])
        return found
    try:
        content = msgspec.json.decode(body or b"{}")
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested without an end
        return None
    person_id = next(filter(None, (_uuid(_dig(content, place)) for place in PERSONS)), None)
    if person_id is not None:
        return person_id
    if (prescription_id := _uuid(_dig(content, PRESCRIPTION))) is not None:
        found = await db.fetchval(PATHS["medication_requests"], prescription_id)
    tax_id = _dig(content, TAX_ID)
    if isinstance(tax_id, str) and tax_id.isascii() and tax_id.isalnum():
        found = await db.fetchval("select person_id from person_tax_ids where tax_id = $1", tax_id)
    return found


def _named(path: str, params: Mapping[str, str]) -> tuple[str, UUID] | None:
    """The first variable of a path as published, and what it names."""
    for resource, variable in _pairs(path.split("/")):
        id = _uuid(params.get(variable[1:-1]))
        return (resource, id) if resource in PATHS and id is not None else None
    return None


def _pairs(parts: list[str]) -> Iterator[tuple[str, str]]:
    return ((before, part) for before, part in pairwise(parts) if part.startswith("{"))


def _dig(content: object, place: tuple[str, ...]) -> object:
    for name in place:
        if not isinstance(content, dict):
            return None
        content = content.get(name)
    return content


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
