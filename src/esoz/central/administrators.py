"""Makes the first administrators of central: `esoz administrator EMAIL`, by who has the server in their hands."""

from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Work

from . import identity
from .process import dependencies_of


async def add(settings: Settings, email: str, password: str, phone: str | None) -> None:
    """Make an administrator, in one transaction with its line in the audit log.

    Raises Rejected when the password or the phone may not be taken, asyncpg.UniqueViolationError for a known e-mail.
    """
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            await identity.create_administrator(work, email=email, password=password, phone=phone)
            about = audit.AuditContext(work.now, "command line", "administrator", NOBODY)
            await audit.write(db, about, work.recorded)
    finally:
        await database.close()
