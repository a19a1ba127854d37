"""Central's pages of lists in the form that the pager of our pages takes."""

from collections.abc import Awaitable, Callable
from typing import Any

from esoz.kernel.db import Page, Paged
from esoz.sdk import Answer


def paged(answer: Answer, page: Page) -> Paged:
    """The list of an answer with central's own count; without one, what came is all there is. As Answer.rows."""
    rows = answer.rows()
    total = answer.total if "total_entries" in answer.paging else page.offset + len(rows)
    return Paged(rows, page, total)


async def newest_first(ask: Callable[[int, int], Awaitable[Answer]], page: Page) -> Paged:
    """A page of a list of central counted from its end, for central has the oldest first.

    `ask` is given the number of a page and its size. Raises what it raises.
    """
    first = await ask(1, page.size)
    total = first.total
    end = max(total - page.offset, 0)
    start = max(end - page.size, 0)
    numbers = range(start // page.size + 1, -(-end // page.size) + 1)
    rows: list[Any] = []
    for number in numbers:
        answer = first if number == 1 else await ask(number, page.size)
        rows += answer.rows()
    skipped = start - (numbers.start - 1) * page.size
    return Paged(rows[skipped : skipped + end - start][::-1], page, total)
