"""Rows of central's public registers as they are kept here; what cannot be a doctor with declarations is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.kernel.spelling import name_order, plain_name

from .model import Speciality

BULK = "/api/pis/bulk"
DECLARING = frozenset({"PRIMARY_CARE", "MSP"})  # DC-3: types of legal entities that take declarations
SPECIALITIES = frozenset(Speciality)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its table here, its address there, the columns of a row or None.

    `is_by_changes`: central tells what changed in so many days; otherwise the whole is read each time.
    """

    name: str
    path: str
    columns: Callable[[Row], Mapping[str, object] | None]
    is_by_changes: bool = True


def _clinic(row: Row) -> Mapping[str, object]:
    name = row.get("public_name") or row.get("short_name") or row["name"]
    return {
        "id": UUID(row["id"]),
        "name": name,
        "name_key": plain_name(f"{name} {row['name']} {row.get('short_name') or ''}"),
        "acts": bool(row["is_active"]) and row["status"] == "ACTIVE" and row["type"] in DECLARING,
    }


def _place(row: Row) -> Mapping[str, object]:
    address, location = _residence(row.get("addresses") or ()), row.get("location") or {}
    return {
        "id": UUID(row["id"]),
        "name": row["name"],
        "name_key": plain_name(row["name"]),
        "acts": bool(row["is_active"]) and row["status"] == "ACTIVE",
        "address": address,
        "settlement_id": str(address.get("settlement_id") or ""),
        "settlement_key": plain_name(str(address.get("settlement") or "")),
        "district_key": district_key(address),
        "phones": row.get("phones") or [],
        "hours": row.get("working_hours") or {},
        "latitude": location.get("latitude"),
        "longitude": location.get("longitude"),
    }


def _residence(addresses: Sequence[Row]) -> Row:
    """Where patients are received; the first one when none is marked so."""
    first = addresses[0] if addresses else {}
    return next((each for each in addresses if each.get("type") == "RESIDENCE"), first)


def district_key(address: Row) -> str:
    """Region and district in one; of a city that is a region itself, the region alone."""
    return plain_name(f"{address.get('area') or ''} {address.get('region') or ''}")


def _practitioner(row: Row) -> Mapping[str, object]:
    second = row.get("second_name") or ""
    whole = f"{row['last_name']} {row['first_name']} {second}"
    return {
        "id": UUID(row["id"]),
        "last_name": row["last_name"],
        "first_name": row["first_name"],
        "second_name": second,
        "name_key": plain_name(whole),
        "name_order": name_order(whole),
    }


def _doctor(row: Row) -> Mapping[str, object] | None:
    """None for who never takes declarations: DC-4 asks for the office of a DOCTOR, which never becomes another."""
    if row["employee_type"] != "DOCTOR":
        return None
    speciality, place_id = str((row.get("speciality") or {}).get("speciality") or ""), row.get("division_id")
    works = bool(row["is_active"]) and row["status"] == "APPROVED"
    return {
        "id": UUID(row["id"]),
        "practitioner_id": UUID(row["party_id"]),
        "clinic_id": UUID(row["legal_entity_id"]),
        "place_id": UUID(place_id) if place_id else None,
        "speciality": speciality,
        "position": row["position"],
        "acts": works and place_id is not None and speciality in SPECIALITIES,
    }


def _load(row: Row) -> Mapping[str, object]:
    return {
        "practitioner_id": UUID(row["party_id"]),
        "most": row["declarations_limit"],
        "taken": row["declarations_count"],
    }


REGISTERS = (
    Register("clinics", f"{BULK}/legal_entities", _clinic),
    Register("places", f"{BULK}/divisions", _place),
    Register("practitioners", f"{BULK}/parties", _practitioner),
    Register("doctors", f"{BULK}/employees", _doctor),
    Register("loads", f"{BULK}/declarations_limit", _load, is_by_changes=False),
)
