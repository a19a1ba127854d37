"""Tables of the stock as files, and what central is told of it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from esoz.kernel.clock import KYIV


def as_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as spreadsheets of this country open it: semicolons, a mark of UTF-8, days as 22.11.2026, commas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(KYIV):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    text = str(value)
    # What begins so a spreadsheet would calculate, and a name may be anything.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def stocked(row: Mapping[str, Any]) -> dict[str, object]:
    """One of central's `assortment`."""
    return {
        "medication_id": str(row["medication_id"]),
        "package_price": float(row["price"]),
        "available": row["available"],
    }
