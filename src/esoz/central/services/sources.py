"""Files of services: CSV with a header, or JSON with a list of objects; the columns are the fields of SourceRow."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from uuid import UUID

import msgspec

from .model import SourceRow

_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_SEPARATOR = ";"  # between the groups of one service


def read_services(raw: bytes, name: str) -> list[SourceRow]:
    """Rows of a file called `name` (`.json` or `.csv`). Raises ValueError when it is neither."""
    if name.endswith(".json"):
        return msgspec.json.decode(raw, type=list[SourceRow])  # its ValidationError is a ValueError
    return list(_csv(raw.decode("utf-8-sig")))


def _csv(text: str) -> Iterator[SourceRow]:
    reader = csv.DictReader(io.StringIO(text))
    known = set(SourceRow.__struct_fields__)
    extra = set(reader.fieldnames or ()) - known
    if extra or not {"type", "code"} <= set(reader.fieldnames or ()):
        raise ValueError(f"columns are {', '.join(SourceRow.__struct_fields__)}; type and code must be there")
    for number, row in enumerate(reader, 2):
        try:
            fields = {field: _value(field, text.strip()) for field, text in row.items() if text and text.strip()}
            yield msgspec.convert(fields, SourceRow)
        except (ValueError, InvalidOperation) as fault:
            raise ValueError(f"line {number}: {fault}") from fault


def _value(field: str, text: str) -> object:
    if field in ("is_active", "request_allowed", "is_composition"):
        if text.lower() not in _FLAGS:
            raise ValueError(f"{field} is 1 or 0")
        return _FLAGS[text.lower()]
    if field == "groups":
        return tuple(part.strip() for part in text.split(_SEPARATOR) if part.strip())
    if field == "consumer_price":
        return Decimal(text)
    return UUID(text) if field == "medical_program_id" else text
