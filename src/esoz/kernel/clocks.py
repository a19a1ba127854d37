"""Compares our clock with the database's: a wrong one dates records, ends terms, misplaces lines of the audit log."""

from datetime import datetime, timedelta

from . import logs
from .clock import Clock
from .db import Connection, Database
from .metrics import CLOCK_DIFFERENCE
from .periodic import Periodic

FAR = timedelta(seconds=10)
EVERY = timedelta(minutes=1)


async def compare(db: Connection, now: datetime) -> timedelta:
    """How far we are ahead of the database; far apart is an alarm."""
    theirs: datetime = await db.fetchval("select clock_timestamp()")
    ahead = now - theirs
    CLOCK_DIFFERENCE.set(ahead.total_seconds())
    if abs(ahead) > FAR:
        logs.alarm("the clock is far from the database's", seconds=round(ahead.total_seconds()))
    return ahead


def watch(database: Database, clock: Clock) -> Periodic:
    """The comparison as a background task."""

    async def look() -> None:
        async with database.connection() as db:
            await compare(db, clock.now())

    return Periodic("clock", EVERY, look)
