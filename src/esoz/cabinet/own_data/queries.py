"""Asking central for everything that it gives to the patient."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from esoz.sdk import Answer, is_whole, whole

from ..access import CentralSession
from .model import LOG, LOG_DAYS, PARTS, Part

MOST = 10_000  # rows of one list
AT_ONCE = 3  # a download must not crowd out the pages of others


async def everything(
    central: CentralSession, now: datetime, parts: Sequence[Part] = PARTS
) -> tuple[dict[str, Any], list[str]]:
    """The parts, and the names of those lists that are longer. Half a file is worse than none: raises CentralError."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def asked(part: Part) -> Answer:
        async with turns:
            if not part.is_list:
                return await central.get(part.path)
            since = (now - LOG_DAYS).isoformat() if part is LOG else None
            return await whole(central, part.path, most=MOST, **({"from": since} if since else {}))

    # Each is waited for, also when one was refused: nothing goes on behind the back of an answer that is given.
    told = await asyncio.gather(*map(asked, parts), return_exceptions=True)
    answers = [_given(each) for each in told]
    found = {part.name: answer.data for part, answer in zip(parts, answers, strict=True)}
    cut = [part.name for part, answer in zip(parts, answers, strict=True) if part.is_list and not is_whole(answer)]
    return found, cut


def _given(told: Answer | BaseException) -> Answer:
    if isinstance(told, BaseException):
        raise told
    return told
