"""Reading central's public registers: the whole once, after that what changed."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from esoz.sdk import Central, CentralError

from ..connection import NotConnected
from ..services import Services
from . import store
from .wire import REGISTERS, Register

EVERY = timedelta(minutes=15)  # a free place or a dismissal is so old at most; central judges anew when one declares
TURN = timedelta(minutes=10)  # so long a process may read before another one thinks that it died
AGAIN = timedelta(minutes=1)  # after central did not answer
ROWS = 5000  # of one page: central gives as many, and counts requests, not rows
FORGOTTEN = timedelta(days=90)  # a copy so old is read whole


async def refresh(services: Services) -> None:
    """Read every register that is due. Raises CentralError; before the cabinet is connected nobody is asked."""
    async with services.database.connection() as db:
        try:
            client = await services.gateway.client(db)
        except NotConnected:
            return
    central = services.gateway.central(client)
    for register in REGISTERS:
        await _refresh(services, central, register)


async def _refresh(services: Services, central: Central, register: Register) -> None:
    now = services.clock.now()
    async with services.database.connection() as db:
        is_ours, read_at = await store.claim(db, register.name, now, now + TURN)
    if not is_ours:
        return
    try:
        async for rows in _pages(central, register, _depth(register, read_at, now)):
            async with services.database.transaction() as db:
                await store.save(db, register.name, rows)
    except CentralError:
        async with services.database.connection() as db:
            await store.note_read(db, register.name, None, now + AGAIN)
        raise
    async with services.database.connection() as db:
        await store.note_read(db, register.name, now, now + EVERY)


def _depth(register: Register, read_at: datetime | None, now: datetime) -> int | None:
    """Days of changes to ask for: the day of the last reading again, for a row may have been written meanwhile."""
    if read_at is None or not register.is_by_changes or now - read_at > FORGOTTEN:
        return None
    return (now.date() - read_at.date()).days + 1


async def _pages(central: Central, register: Register, depth: int | None) -> AsyncIterator[Sequence[Any]]:
    number, last = 0, 1
    while number < last:
        number += 1
        answer = await central.get(register.path, page=number, page_size=ROWS, depth=depth)
        rows = answer.rows()
        last = answer.pages if rows else number
        yield [columns for row in rows if (columns := register.columns(row)) is not None]
