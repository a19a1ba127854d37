"""What a demo country that an earlier version made lacks."""

import os

from esoz import __version__
from esoz.central import identity, mis_register, organisations, war_territories
from esoz.central.process import dependencies_of
from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database, Page
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Work

from . import build, guarantees
from .country import MIS_ID, MIS_NAME, ORGANISATIONS, SEAL_FILE
from .keys import trust_office


async def bring_up_to_date(settings: Settings) -> None:
    """Verify organisations that nobody has verified yet: since LE-25 they could neither prescribe nor dispense.

    The telephone with Diia and the portal are clients of their own; an older demo has no papers for them.
    Territories of hostilities are there since medicines are handed over there without a prescription.
    A programme pays for services since referrals can be written by one.
    Central has a seal since the audit log is sealed.
    The demo's own MIS stands in the register with the version that is installed now: nobody is told to update it.
    """
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            for each in (await organisations.find_legal_entities(db, [one.id for one in ORGANISATIONS])).values():
                if each.acts and not each.nhs_verified and each.nhs_unverified_at is None:
                    await organisations.verify_legal_entity(work, each.id)
            await _note_version(work)
            await _connect_doors(work, settings)
            if not (await war_territories.territories(work, war_territories.TerritoryFilter(), Page(size=1)))[0]:
                await build.load_territories(work)
            await guarantees.offer(work)
            if work.recorded:
                await audit.write(db, audit.AuditContext(work.now, "sandbox", "sandbox", NOBODY), work.recorded)
    finally:
        await database.close()
    keys_of_people = settings.var / "keys"
    if keys_of_people.is_dir() and not (keys_of_people / SEAL_FILE).exists():
        async with trust_office(settings, os.urandom) as office, office.keys() as keys:
            await keys.issue_seal()


async def _connect_doors(work: Work, settings: Settings) -> None:
    for part, (_broker, client_id, _name) in build.DOORS.items():
        try:
            await identity.find_client(work, client_id)
        except identity.errors.InvalidClient:
            await build.connect_door(work, part, settings.url(part))


async def _note_version(work: Work) -> None:
    found, _ = await mis_register.applications(work, mis_register.RegisterFilter(name=MIS_NAME), Page())
    for entry in found:
        if entry.broker_id == MIS_ID and entry.application.version not in ("", __version__):
            await mis_register.change_versions(work, entry.id, __version__, entry.oldest_version or "")
