"""Lists of central on pages of ours, and parts of a page that stand alone."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from esoz.kernel.db import Page, Paged
from esoz.sdk import Answer, CentralError


def cut(records: Sequence[Any], page: Page) -> Paged:
    """One page of records that are all here."""
    page = page.within(len(records))
    return Paged(records[page.offset : page.offset + page.size], page, len(records))


def paged(answer: Answer, page: Page) -> Paged:
    """One page of a list as central cut it."""
    return Paged(answer.rows(), page, answer.total)


async def several(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
    """Results in order; what central refused or did not answer stands in its place. Raises SignInNeeded."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, CentralError):
            raise result
    return results
