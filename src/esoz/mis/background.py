"""Background works of mis: refreshing dictionaries, ending consents, the audit chain, cleaning up."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from esoz.kernel import audit, logs
from esoz.kernel.errors import Problem
from esoz.kernel.pages import Terms, delete_expired
from esoz.sdk import CentralError

from . import access, dictionaries
from .services import Services

FIRST_TRY = timedelta(seconds=2)  # until central has told its dictionaries for the first time


class Periodic:
    """One work done again and again; a fault is logged and the work is tried at the next turn."""

    def __init__(self, name: str, every: timedelta, act: Callable[[], Awaitable[None]]) -> None:
        self.name, self.every, self.act = name, every, act
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.act()
            except (Problem, CentralError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as fault:
                logs.exception(f"{self.name} is tried again later", fault)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self.every.total_seconds())


def works(services: Services, terms: Terms) -> list[Periodic]:
    """All periodic works."""
    return [
        Periodic("dictionaries", FIRST_TRY, Refreshing(services)),
        Periodic("consents", timedelta(seconds=2), lambda: access.unsettled_end(services)),
        Periodic("audit chain", timedelta(seconds=1), lambda: _chain(services)),
        Periodic("cleaning", timedelta(hours=1), lambda: _clean(services, terms)),
    ]


class Refreshing:
    """Fetches dictionaries when the copy is older than half a day, or there is none."""

    def __init__(self, services: Services) -> None:
        self.services = services

    async def __call__(self) -> None:
        services, now = self.services, self.services.clock.now()
        async with services.database.connection() as db:
            newest = await dictionaries.newest(db)
        if newest is None or now - newest >= dictionaries.STALE:
            count = await dictionaries.refresh(services.database, services.central, services.dictionaries, now)
            logs.info("dictionaries refreshed", count=count)


async def _chain(services: Services) -> None:
    async with services.database.transaction() as db:
        while await audit.chain(db, batch=audit.BATCH) == audit.BATCH:
            pass


async def _clean(services: Services, terms: Terms) -> None:
    now = services.clock.now()
    async with services.database.transaction() as db:
        await delete_expired(db, now, terms)
        await audit.make_partitions(db, now)
