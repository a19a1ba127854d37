"""Looks how the components are, seldom enough that the public page cannot be used to burden central."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from esoz.kernel.db import Connection
from esoz.sdk import CentralError

from .. import sync
from ..services import Services

FRESH = timedelta(seconds=15)
LONGEST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: when, whether central answers, how many documents wait because it does not."""

    at: datetime
    central: bool
    waiting: int


class Watch:
    """Remembers the last look; asks again when it is old."""

    def __init__(self) -> None:
        self._last: Seen | None = None
        self._turn = asyncio.Lock()

    async def look(self, services: Services, db: Connection) -> Seen:
        """How things are now, at most 15 seconds old."""
        async with self._turn:
            now = services.clock.now()
            if self._last is None or now - self._last.at >= FRESH:
                waiting = await sync.waiting_for_central(db)
                self._last = Seen(now, await _answers(services), waiting)
            return self._last


async def _answers(services: Services) -> bool:
    """A small public operation, for central is known to us only by its API."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await services.central.get("/api/v2/dictionaries", name="GENDER")
    except (CentralError, TimeoutError):
        return False
    return True
