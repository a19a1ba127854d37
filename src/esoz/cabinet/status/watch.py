"""Looks whether central answers, seldom enough that the public page cannot be used to burden it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection
from esoz.sdk import CentralError

from ..connection import Gateway, NotConnected

FRESH = timedelta(seconds=15)
LONGEST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One look: when, and whether central answered."""

    at: datetime
    central: bool


class Watch:
    """Remembers the last look; asks again when it is old."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self._gateway, self._clock = gateway, clock
        self._last: HealthCheck | None = None
        self._turn = asyncio.Lock()

    async def look(self, db: Connection) -> HealthCheck:
        """How things are now, at most 15 seconds old."""
        async with self._turn:
            now = self._clock.now()
            if self._last is None or abs(now - self._last.at) >= FRESH:
                self._last = HealthCheck(now, await self._answers(db))
            return self._last

    async def _answers(self, db: Connection) -> bool:
        """A small public operation, for central is known to us only by its API."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                central = self._gateway.central(await self._gateway.client(db))
                await central.get("/api/v2/dictionaries", name="GENDER")
        except (CentralError, NotConnected, TimeoutError):
            return False
        return True
