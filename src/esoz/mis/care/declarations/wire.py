"""Central's records of doctors, requests and declarations → ours; what goes back to be signed."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from esoz.sdk import Answer

from .model import Declared, DeclaredPatient, Doctor, Place, Request, Scan, Way

Part = Mapping[str, Any]
_MISSING = re.compile(r"Documents (.+?) (?:is|are) not uploaded")


def read_doctor(row: Part) -> Doctor:
    """A row of the list of employees."""
    party, division = row["party"], row.get("division") or {}
    return Doctor(
        employee_id=UUID(row["id"]),
        last_name=party["last_name"],
        first_name=party["first_name"],
        second_name=party.get("second_name") or "",
        position=row.get("position") or "",
        speciality=_speciality(row),
        count=int(party.get("declaration_count") or 0),
        limit=int(party.get("declaration_limit") or 0),
        division_id=UUID(division["id"]) if division.get("id") else None,
        division_name=division.get("name") or "",
    )


def _speciality(row: Part) -> str:
    found = (row.get("doctor") or {}).get("specialities") or ()
    return next((str(each["speciality"]) for each in found if each.get("speciality_officio")), "")


def read_place(row: Part) -> Place:
    """A row of the list of divisions."""
    return Place(UUID(row["id"]), row["name"])


def read_way(row: Part) -> Way:
    """One of a person's ways to authenticate, phones masked by central."""
    told = row.get("phone_number") or (row.get("confidant_person") or {}).get("name") or row.get("alias") or ""
    return Way(UUID(row["id"]), row["type"], str(told))


def read_request(answer: Answer) -> Request:
    """The answer of each operation on one request."""
    found = answer.record()
    method = answer.urgent.get("authentication_method_current") or {}
    return Request(
        id=UUID(found["id"]),
        status=found["status"],
        channel=found.get("channel") or "MIS",
        patient_id=UUID(found["person_id"]),
        employee_id=UUID(found["employee_id"]),
        division_id=UUID(found["division_id"]),
        declaration_id=UUID(found["declaration_id"]) if found.get("declaration_id") else None,
        number=found.get("declaration_number") or "",
        method=method.get("type") or "",
        phone=method.get("number") or "",
        scans=[Scan(each["type"], each["url"]) for each in answer.urgent.get("documents") or ()],
        document=found.get("data_to_be_signed") or {},
    )


def read_listed(row: Part) -> Request:
    """A row of the list of requests."""
    return Request(
        id=UUID(row["id"]),
        status=row["status"],
        channel=row.get("channel") or "MIS",
        patient_id=UUID(row["person_id"]),
        employee_id=UUID(row["employee_id"]),
        division_id=UUID(row["division_id"]),
    )


def read_declared(row: Part) -> Declared:
    """A declaration with everyone in it."""
    employee = row["employee"]
    party = employee.get("party") or employee
    return Declared(
        id=UUID(row["id"]),
        number=row["declaration_number"],
        status=row["status"],
        employee_id=UUID(employee["id"]),
        doctor=_name(party),
        division=(row.get("division") or {}).get("name") or "",
        start_date=date.fromisoformat(row["start_date"]),
        end_date=date.fromisoformat(row["end_date"]),
    )


def read_patient(row: Part) -> DeclaredPatient:
    """A row of the list of declarations."""
    person = row["person"]
    return DeclaredPatient(
        declaration_id=UUID(row["id"]),
        person_id=UUID(person["id"]),
        declaration_number=row["declaration_number"],
        status=row["status"],
        last_name=person.get("last_name") or "",
        first_name=person.get("first_name") or "",
        second_name=person.get("second_name") or "",
        birth_date=date.fromisoformat(person["birth_date"]),
        start_date=date.fromisoformat(row["start_date"]),
        end_date=date.fromisoformat(row["end_date"]),
    )


def new_request(person_id: UUID, employee_id: UUID, division_id: UUID, way: UUID | None) -> dict[str, str]:
    """The body that asks for a declaration; without a way the first that has a phone is taken (DC-9)."""
    body = {"person_id": person_id, "employee_id": employee_id, "division_id": division_id, "authorize_with": way}
    return {name: str(value) for name, value in body.items() if value is not None}


def to_be_signed(document: Part) -> bytes:
    """The bytes that the doctor signs: what central gave, and that the patient signed the form (DC-19)."""
    return msgspec.json.encode({**document, "person": {**document["person"], "patient_signed": True}})


def missing_of(message: str) -> frozenset[str]:
    """Types of the scans that a refusal misses (DC-15)."""
    found = _MISSING.search(message)
    return frozenset(found[1].split(", ")) if found else frozenset()


def _name(names: Part) -> str:
    parts: Iterable[Any] = (names.get(each) for each in ("last_name", "first_name", "second_name"))
    return " ".join(str(part) for part in parts if part)
