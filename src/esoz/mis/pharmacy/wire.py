"""Rows of the report of a day and of the journal of returns, of central's dispenses."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.kernel.pages.quantities import unit_of


def report_rows(dispense: Mapping[str, Any], booked: str) -> Iterator[tuple[object, ...]]:
    """A row for each package of a dispense."""
    request = dispense["medication_request"]
    programme = (request.get("medical_program") or {}).get("name") or ""
    for each in dispense["details"]:
        amount, discount = (Decimal(str(each.get(name) or 0)) for name in ("sell_amount", "discount_amount"))
        yield (
            *(programme, request.get("request_number") or "", each["medication"]["name"]),
            *(Decimal(str(each["medication_qty"])), amount, discount, amount - discount),
            *(datetime.fromisoformat(dispense["inserted_at"]), booked),
        )


def returns_of(dispense: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """All that was ever brought back of a dispense, the first act first, in the order of `store.RETURN`."""
    packages = {each.get("program_medication_id"): each["medication"] for each in dispense["details"]}
    where = (UUID(dispense["division"]["id"]), dispense["division"].get("name") or "")
    number = dispense["medication_request"].get("request_number") or ""
    return [
        (
            *(UUID(dispense["id"]), place, *where, number, datetime.fromisoformat(told["returned_at"])),
            *(told["return_reason_code"], told.get("return_reason") or ""),
            [_returned(line, packages.get(line["program_medication_id"]) or {}) for line in told["returned"]],
        )
        for place, told in enumerate(dispense.get("returns") or (), 1)
    ]


def _returned(line: Mapping[str, Any], package: Mapping[str, Any]) -> tuple[str, str, str]:
    """What came back, how much of it as a text, which JSON keeps exact, and in which units."""
    return package.get("name") or "", str(Decimal(str(line["medication_qty"]))), unit_of(package)
