"""Tables on a phone: every cell carries the name of its column, so that a row can be shown as a card."""

from collections.abc import Sequence

from markupsafe import Markup, escape

Column = str | dict[str, object]  # a text, or what the macro `table` takes: {"text", "number", "hidden"}


def labelled(rows: Markup, columns: Sequence[Column]) -> Markup:
    """The same rows, each cell with the text of its column in `data-label`.

    `columns` are those of the macro `table`; a column that is hidden gives no label: its cells speak for themselves.
    """
    labels = [f' data-label="{escape(name)}"' if (name := _name(column)) else "" for column in columns]
    first, *cells = str(rows).split("<t")
    parts, places = [first], iter(labels)
    for cell in cells:  # split by hand: a long list has hundreds of cells, and each match of a pattern is an object
        kind, after = cell[:1], cell[1:2]
        if kind == "r" and not after.isalnum():
            places = iter(labels)
        elif kind in ("d", "h") and not after.isalnum():
            parts.append(f"{kind}{next(places, '')}{cell[1:]}")
            continue
        parts.append(cell)
    return Markup("<t".join(parts))


def _name(column: Column) -> str:
    if isinstance(column, str):
        return column
    return "" if "hidden" in column else str(column["text"])
