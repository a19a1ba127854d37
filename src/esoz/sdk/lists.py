"""Lists of central that are needed whole, read page after page."""

from typing import Any, Protocol

from .client import Answer

LARGEST = 300  # GW-8; a list whose pages are shorter cuts it and tells so in `paging`
MOST = 3000  # rows; a list that may be longer is shown in pages, or read with a bound of its own


class Lister(Protocol):
    """Central as somebody calls it."""

    async def get(self, path: str, **query: object) -> Answer: ...


async def whole(central: Lister, path: str, *, most: int = MOST, **query: object) -> Answer:
    """All rows of a list, in central's order, as if it had no pages; about `most` of a longer one.

    `paging["total_entries"]` tells how many there are, so that whoever shows a part can say so. A row that moved to a
    later page while the list grew comes once. Raises what `central.get` raises.
    """
    rows: dict[object, Any] = {}
    number, pages = 0, 1
    while number < pages and len(rows) < most:
        number += 1
        answer = await central.get(path, page=number, page_size=LARGEST, **query)
        listed = [row for row in answer.some() if row]
        for place, row in enumerate(listed):
            rows.setdefault(row.get("id") or (number, place), row)
        pages = answer.pages if listed else 0
    total = max(answer.total, len(rows)) if pages else len(rows)
    return Answer(answer.status, list(rows.values()), answer.urgent, {**answer.paging, "total_entries": total})


def is_whole(answer: Answer) -> bool:
    """Has everything that the list holds been read."""
    return len(answer.data) >= answer.total
