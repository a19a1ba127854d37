"""Tables for spreadsheets: comma or semicolon, a mark of UTF-8, and no text that a spreadsheet would calculate."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

# What begins so is a formula, or becomes one when what no cell shows is left out; wide signs are read as plain ones.
_BEGINS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """A text that is shown as it is: names may be anything, and come from anybody."""
    return f"'{text}" if text[:1] in _BEGINS_FORMULA else text


def as_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    shown: Callable[[object], str] = str,
) -> bytes:
    """The file. `shown` spells what is no text: numbers, days; nothing else may write one."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_cell(value, shown) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object, shown: Callable[[object], str]) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else shown(value)
