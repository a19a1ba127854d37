"""The file that forbidden groups are imported from."""

import csv
import io
from dataclasses import fields

from .model import MemberRow, faults

COLUMNS = tuple(field.name for field in fields(MemberRow))


def read_forbidden_groups(raw: bytes) -> list[MemberRow]:
    """Rows of a CSV file, one for each member of each group. Raises ValueError."""
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    if set(reader.fieldnames or ()) != set(COLUMNS):
        raise ValueError(f"columns are {', '.join(COLUMNS)}")
    rows = [MemberRow(*((row[name] or "").strip() for name in COLUMNS)) for row in reader]
    if found := next(faults(rows), None):
        raise ValueError(found)
    return rows
