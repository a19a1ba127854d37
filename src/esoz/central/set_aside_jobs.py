"""Jobs that are set aside or wait, for the operator: `esoz jobs list`, `esoz jobs retry ID…` or `--all`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from esoz.kernel import audit, set_aside
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.errors import Problem
from esoz.kernel.jobs import Status
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Work

from .process import dependencies_of


async def listed(settings: Settings) -> list[str]:
    """A line for each job that is set aside, or that has failed or waited already."""
    async with _database(settings) as database, database.connection() as db:
        return [
            f"{row['id']}  {row['status']:18}  {row['inserted_at']:%Y-%m-%d %H:%M}  {row['kind']}"
            f"  failed {row['attempts']}, put off {row['put_off']}"
            for row in await set_aside.listed(db)
        ]


async def retry(settings: Settings, ids: Sequence[str]) -> list[str]:
    """Have these performed again, or all that are set aside; a line for each, with the reason where it was refused."""
    async with _database(settings) as database:
        async with database.connection() as db:
            rows = await set_aside.listed(db)
        wanted = ids or [row["id"] for row in rows if row["status"] == Status.FAILED_WITH_ERROR]
        return [f"{id}  {await _retry(database, settings, id)}" for id in wanted]


async def _retry(database: Database, settings: Settings, id: str) -> str:
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            await set_aside.retry(work, id)
            about = audit.AuditContext(work.now, "command line", "jobs retry", NOBODY)
            await audit.write(db, about, work.recorded)
    except Problem as problem:
        return f"refused: {problem.message}"
    return "waits to be performed"


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(database_url(settings, "central"), size=2)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
