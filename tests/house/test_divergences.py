"""The table of departures says each thing once."""

from collections import Counter
from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs" / "divergences.md"
MANY = {"`rule`", "`request`"}  # an operation may depart from several rules, each with its own reason


def rows() -> list[tuple[str, str, str]]:
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ", 2)]
        if line.startswith("| `") and len(cells) == 3:
            found.append((cells[0], cells[1], cells[2]))
    return found


def test_row_then_stands_once() -> None:
    assert len(rows()) > 300
    whole, named = Counter(rows()), Counter(row[:2] for row in rows() if row[1] not in MANY)
    assert [row for row, times in whole.items() if times > 1] == []
    assert [row for row, times in named.items() if times > 1] == []
