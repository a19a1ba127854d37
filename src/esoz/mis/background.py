"""Background works of mis: refreshing dictionaries, ending consents, the audit chain, cleaning up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from esoz.kernel import audit, clocks, logs
from esoz.kernel.db import Connection
from esoz.kernel.loops import Several
from esoz.kernel.pages import Terms, delete_expired, drafts
from esoz.kernel.periodic import Periodic
from esoz.mis.base.services import Services
from esoz.mis.care import declarations, prescriptions, visits
from esoz.mis.documents import sync
from esoz.mis.link import access, dictionaries
from esoz.mis.sign_in.recovery import forget_old
from esoz.sdk import CentralError, understood

FOLLOWED = timedelta(seconds=10)
FIRST_TRY = timedelta(seconds=2)  # until central has told its dictionaries for the first time


def works(services: Services, terms: Terms) -> list[Periodic]:
    """All periodic works."""
    away, several = (CentralError,), Several()  # central comes back
    return [
        Periodic("dictionaries", FIRST_TRY, understood(Refreshing(services)), passing=away),
        Periodic("consents", timedelta(seconds=2), lambda: access.unsettled_end(services), passing=away),
        Periodic(
            "prescriptions", timedelta(seconds=10), understood(lambda: prescriptions.follow(services)), passing=away
        ),
        Periodic(
            "declared patients", timedelta(minutes=1), understood(lambda: declarations.follow(services)), passing=away
        ),
        clocks.watch(services.database, services.clock),
        Periodic("audit chain", timedelta(seconds=1), lambda: _chain(services)),
        Periodic("cleaning", timedelta(hours=1), lambda: _clean(services, terms, several), several=several),
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


async def _clean(services: Services, terms: Terms, several: Several) -> None:
    """Each in its own transaction: what fails keeps no other from its turn."""
    now = services.clock.now()

    async def clean(act: Callable[[Connection], Awaitable[object]]) -> None:
        async with services.database.transaction() as db:
            await act(db)

    await several.attempt("sessions", clean(lambda db: delete_expired(db, now, terms)))
    await several.attempt("drafts of forms", clean(lambda db: drafts.delete_old(db, now)))
    await several.attempt("links of recovery", clean(lambda db: forget_old(db, now)))
    await several.attempt("blank records", clean(lambda db: sync.delete_blank(db, now - drafts.LIFE - terms.absolute)))
    await several.attempt("cards of visits", clean(lambda db: visits.delete_old_cards(db, now - visits.KEPT)))
    await several.attempt("audit partitions", clean(lambda db: audit.make_partitions(db, now)))
