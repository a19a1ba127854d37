"""Reimbursement as published: each dispense with its prescription, and sums as a list or a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from esoz.central.organisations import Division
from esoz.kernel.payload import JSON, number, omit_none
from esoz.kernel.spreadsheets import as_table

from .model import DOWNLOADED, Line, Reimbursed, Sums

AMOUNTS = ("medication_qty", "sell_amount", "discount_amount", "patient_amount")
COUNTS = ("dispenses", "taken_back")


def reimbursed(found: Reimbursed) -> JSON:
    """A reimbursed dispense; what came back of it is not in its numbers."""
    return {"medication_request": _request(found), "medication_dispense": _dispense(found)}


def _request(found: Reimbursed) -> JSON:
    row: Mapping[str, Any] = found.request
    content = row["content"]
    employee, info = content["employee"], content["medication_info"]
    party = employee["party"]
    return omit_none(
        id=row["id"],
        **{name: row[name] for name in ("created_at", "started_at", "ended_at")},
        dispense_valid_from=row["dispense_valid_from"],
        dispense_valid_to=row["dispense_valid_to"],
        status=row["status"],
        person_id=row["person_id"],
        legal_entity={name: content["legal_entity"][name] for name in ("id", "name", "edrpou")},
        division=omit_none(
            id=content["division"]["id"],
            name=content["division"]["name"],
            mountain_group=content["division"].get("mountain_group"),
            address=next(iter(content["division"].get("addresses") or ()), None),
        ),
        employee=omit_none(
            id=employee["id"],
            party_id=party["id"],
            **{name: party.get(name) for name in ("last_name", "first_name", "second_name")},
            position=employee["position"],
            employee_type=found.employee_type,
        ),
        medical_program=_programme(content.get("medical_program")),
        medication={"name": info["medication_name"], "type": "INNM_DOSAGE", "form": info["form"]},
        medication_qty=info["medication_qty"],
    )


def _programme(programme: Mapping[str, Any] | None) -> JSON | None:
    return {name: programme[name] for name in ("id", "name", "mr_blank_type")} if programme else None


def _dispense(found: Reimbursed) -> JSON:
    row: Mapping[str, Any] = found.dispense
    content = row["content"]
    party = content["party"]
    names = (party.get(name) for name in ("last_name", "first_name", "second_name"))
    return {
        "id": row["id"],
        "dispensed_at": row["dispensed_at"],
        "dispensed_by": row["dispensed_by"] or " ".join(name for name in names if name),
        "status": row["status"],
        "medications": [_medication(line) for line in found.lines],
        "legal_entity": {name: content["legal_entity"][name] for name in ("id", "name", "edrpou")},
        "division": _division(found.division),
        "party": party,
    }


def _medication(line: Mapping[str, Any]) -> JSON:
    details = ("medication_qty", "sell_price", "sell_amount", "discount_amount", "reimbursement_amount")
    return omit_none(
        **line["medication"],
        id=line["medication_id"],
        code_atc=line["code_atc"],
        package_qty=line["package_qty"],
        details=omit_none({name: line.get(name) for name in details}),
    )


def _division(division: Division) -> JSON:
    address = division.addresses[0] if division.addresses else None
    return omit_none(id=division.id, name=division.name, mountain_group=division.mountain_group, address=address)


def summed(line: Line) -> JSON:
    """Sums of one key; the total has none."""
    named = {"key": line.keys[0][0], "name": line.keys[0][1]} if line.keys else {}
    return {**named, **sums(line.sums)}


def sums(sums: Sums) -> JSON:
    counts: dict[str, object] = {name: getattr(sums, name) for name in COUNTS}
    return counts | {name: number(getattr(sums, name)) for name in AMOUNTS}


def as_csv(lines: Iterable[Line]) -> bytes:
    """For who pays: decimals with a point, exact to a kopek, a mark of UTF-8 for spreadsheets."""
    heads = [*(f"{key.value}{part}" for key in DOWNLOADED for part in ("", "_name")), *COUNTS, *AMOUNTS]
    rows = [
        (*(each for key in line.keys for each in key), *(getattr(line.sums, name) for name in (*COUNTS, *AMOUNTS)))
        for line in lines
    ]
    return as_table(heads, rows)


def total_of(lines: Sequence[Line], total: Line) -> JSON:
    """The answer of sums."""
    return {"lines": [summed(each) for each in lines], "total": summed(total)}
