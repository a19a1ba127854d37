"""Lists of central: whole, for a patient's own records are few, and cut into pages of ours."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from esoz.kernel.db import Page, Paged
from esoz.sdk import CentralError

from .access import CentralSession

LARGEST = 300  # central's largest page
MOST = 10  # pages; three thousand records of one kind are no patient's


async def everything(central: CentralSession, path: str, **query: object) -> list[dict[str, Any]]:
    """All records of a list of central, in its order. Raises CentralRefused, CentralUnavailable, SignInNeeded."""
    found: list[dict[str, Any]] = []
    for number in range(1, MOST + 1):
        answer = await central.get(path, page=number, page_size=LARGEST, **query)
        found += answer.rows()
        if number >= answer.pages:
            break
    return found


def cut(records: Sequence[Any], page: Page) -> Paged:
    """One page of records that are all here."""
    return Paged(records[page.offset : page.offset + page.size], page, len(records))


async def several(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
    """Results in order; what central refused or did not answer stands in its place. Raises SignInNeeded."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, CentralError):
            raise result
    return results
