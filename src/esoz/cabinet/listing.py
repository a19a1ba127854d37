"""Lists of central that were read whole, for a patient's own records are few, cut into pages of ours."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from esoz.kernel.db import Page, Paged
from esoz.sdk import CentralError


def cut(records: Sequence[Any], page: Page) -> Paged:
    """One page of records that are all here."""
    page = page.within(len(records))
    return Paged(records[page.offset : page.offset + page.size], page, len(records))


async def several(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
    """Results in order; what central refused or did not answer stands in its place. Raises SignInNeeded."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, CentralError):
            raise result
    return results
