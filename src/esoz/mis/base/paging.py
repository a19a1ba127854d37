"""Central's pages of lists in the form that the pager of our pages takes."""

from collections.abc import Sequence

from esoz.kernel.db import Page, Paged
from esoz.sdk import Answer


def paged(answer: Answer, page: Page) -> Paged:
    """The list of an answer with central's own count; without one, what came is all there is."""
    rows: Sequence[dict[str, object]] = answer.data if isinstance(answer.data, list) else []
    total = answer.paging.get("total_entries")
    return Paged(rows, page, int(total) if total is not None else page.offset + len(rows))
