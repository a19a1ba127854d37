"""Reading price lists from files."""

import csv
import io

import msgspec

from .model import Price

_REQUIRED = ("medication_id", "package_price", "valid_from")


def read_prices(raw: bytes) -> list[Price]:
    """Prices from CSV; an empty price takes a package out of the catalogue. Raises ValueError naming the line."""
    try:
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as fault:
        raise ValueError("the file is not in UTF-8") from fault
    if missing := sorted(set(_REQUIRED) - set(reader.fieldnames or ())):
        raise ValueError(f"columns are missing: {', '.join(missing)}")
    return [_price({name: (row[name] or "").strip() for name in _REQUIRED}, reader.line_num) for row in reader]


def _price(row: dict[str, str], line: int) -> Price:
    try:
        return msgspec.convert({name: text for name, text in row.items() if text}, Price, strict=False)
    except msgspec.ValidationError as fault:
        raise ValueError(f"line {line}: {fault}") from fault
