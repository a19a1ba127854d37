"""Who and where, as prescriptions show it."""

from collections.abc import Mapping

import msgspec

from esoz.central.organisations import Division
from esoz.central.people import NO_LAST_NAME, Person
from esoz.central.workforce import Employee, Party
from esoz.kernel.payload import JSON, omit_none


def division_details(division: Division) -> JSON:
    """`Division_Details`."""
    location = None
    if division.latitude is not None and division.longitude is not None:
        location = {"latitude": division.latitude, "longitude": division.longitude}
    return omit_none(
        {
            "id": division.id,
            "legal_entity_id": division.legal_entity_id,
            "name": division.name,
            "addresses": msgspec.to_builtins(division.addresses),
            "phones": msgspec.to_builtins(division.phones),
            "email": division.email,
            "working_hours": division.working_hours,
            "type": division.type,
            "status": division.status,
            "mountain_group": division.mountain_group,
            "external_id": division.external_id,
            "location": location,
            "dls_id": division.dls_id,
            "dls_verified": division.dls_verified,
        }
    )


def employee_minimal(employee: Employee) -> JSON:
    """`Employee_Minimal`."""
    party = employee.party
    return {
        "id": employee.id,
        "position": employee.position,
        "party": omit_none(
            {
                **party_short(party),
                "no_tax_id": party.no_tax_id,
                "email": party.email,
                "phones": msgspec.to_builtins(party.phones),
            }
        ),
    }


def party_short(party: Party) -> JSON:
    return omit_none(
        {
            "id": party.id,
            "first_name": party.first_name,
            "last_name": party.last_name,
            "second_name": party.second_name,
        }
    )


def person_short(person: Person, age: int) -> JSON:
    """`Person_Medication_Request`: `age` in full years on the day of the prescription."""
    if person.last_name == NO_LAST_NAME:
        return {"id": person.id, "short_name": person.full_name, "age": age}
    initials = [f"{name[0]}." for name in (person.first_name, person.second_name) if name]
    return {"id": person.id, "short_name": " ".join([person.last_name, *initials]), "age": age}


def text(content: Mapping[str, object], *path: str) -> str:
    """A text inside stored content, e.g. `text(content, "division", "name")`; empty when there is none."""
    node: object = content
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return "" if node is None else str(node)
