"""What a demo country that an earlier version made lacks."""

from esoz.central import organisations
from esoz.central.process import dependencies_of
from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Work

from .country import ORGANISATIONS


async def bring_up_to_date(settings: Settings) -> None:
    """Verify organisations that nobody has verified yet: since LE-25 they could neither prescribe nor dispense."""
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            for each in (await organisations.find_legal_entities(db, [one.id for one in ORGANISATIONS])).values():
                if each.acts and not each.nhs_verified and each.nhs_unverified_at is None:
                    await organisations.verify_legal_entity(work, each.id)
            if work.recorded:
                await audit.write(db, audit.AuditContext(work.now, "sandbox", "sandbox", NOBODY), work.recorded)
    finally:
        await database.close()
