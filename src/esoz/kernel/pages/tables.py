"""Tables on a phone: every cell carries the name of its column, so that a row can be shown as a card."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from markupsafe import Markup, escape

CELL = re.compile(r"<(tr|t[dh])\b")

Column = str | dict[str, object]  # a text, or what the macro `table` takes: {"text", "number", "hidden"}


def labelled(rows: Markup, columns: Sequence[Column]) -> Markup:
    """The same rows, each cell with the text of its column in `data-label`.

    `columns` are those of the macro `table`; a column that is hidden gives no label: its cells speak for themselves.
    """
    names = [_name(column) for column in columns]
    text = str(rows)
    labels: Iterator[str] = iter(())
    parts: list[str] = []
    end = 0
    for found in CELL.finditer(text):
        parts.append(text[end : found.end()])
        end = found.end()
        if found[1] == "tr":
            labels = chain(names, repeat(""))
        elif label := next(labels, ""):
            parts.append(f' data-label="{escape(label)}"')
    return Markup("".join(parts) + text[end:])


def _name(column: Column) -> str:
    if isinstance(column, str):
        return column
    return "" if "hidden" in column else str(column["text"])
