"""Anchors of the audit log in central's processes: the worker seals, the server serves while that is in time."""

from datetime import timedelta

from esoz.gateways.seal import Seal
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.loops import Several
from esoz.kernel.periodic import Periodic
from esoz.kernel.settings import Settings

from . import anchors

EVERY = timedelta(minutes=1)
LOOK = timedelta(seconds=15)
NAME = "audit anchors"


def sealing(database: Database, settings: Settings, clock: Clock) -> list[Periodic]:
    """The worker's task; none when the installation has no seal. Raises SealError when its key does not open."""
    seal = Seal.of(settings)
    if seal is None:
        return []
    certificate, several = seal.certificate.der, Several()

    async def act() -> None:
        await several.attempt(NAME, anchors.anchor(database, seal, certificate, clock))

    return [Periodic(NAME, EVERY, act, several=several)]


def guard(database: Database, settings: Settings, clock: Clock, admission: Admission) -> list[Periodic]:
    """The server's task; none when the installation serves whatever happens to its anchors.

    Nobody is let in while lines of the audit log have waited too long to be sealed: what is done then could be
    written out of the log unseen.
    """
    hours = settings.number("ESOZ_AUDIT_BEHIND_HOURS")
    if not hours:
        return []

    async def act() -> None:
        async with database.connection() as db:
            since = await anchors.waiting_since(db)
        admission.closed = "" if since is None or clock.now() - since < timedelta(hours=hours) else CLOSED

    return [Periodic("audit guard", LOOK, act)]


CLOSED = "the audit log has not been sealed in time"
