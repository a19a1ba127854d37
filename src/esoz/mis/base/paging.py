"""Central's pages of lists in the form that the pager of our pages takes."""

from esoz.kernel.db import Page, Paged
from esoz.sdk import Answer


def paged(answer: Answer, page: Page) -> Paged:
    """The list of an answer with central's own count; without one, what came is all there is. As Answer.rows."""
    rows = answer.rows()
    total = answer.total if "total_entries" in answer.paging else page.offset + len(rows)
    return Paged(rows, page, total)
