"""Rows of the report of a day, of central's dispenses."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any


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
