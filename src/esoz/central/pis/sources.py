"""The file of the register of civil acts: who may speak for whom."""

import csv
import io
from datetime import date
from uuid import UUID

from .model import ActKind, CivilAct

COLUMNS = ("id", "kind", "number", "last_name", "first_name", "birth_date", "tax_ids", "ends_on")


def read_civil_acts(raw: bytes) -> list[CivilAct]:
    """CSV in UTF-8 with these columns; tax_ids with spaces, ends_on may be empty. Raises ValueError naming the line."""
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    if reader.fieldnames is None or not set(COLUMNS) <= set(reader.fieldnames):
        raise ValueError(f"the columns must be {', '.join(COLUMNS)}")
    found = []
    for row in reader:
        try:
            found.append(_act(row))
        except ValueError as fault:
            raise ValueError(f"line {reader.line_num}: {fault}") from fault
    return found


def _act(row: dict[str, str]) -> CivilAct:
    tax_ids = frozenset(row["tax_ids"].split())
    if not tax_ids or not row["number"].strip():
        raise ValueError("number and tax_ids must not be empty")
    return CivilAct(
        UUID(row["id"]),
        ActKind(row["kind"]),
        row["number"].strip(),
        row["last_name"],
        row["first_name"],
        date.fromisoformat(row["birth_date"]),
        tax_ids,
        date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
    )
