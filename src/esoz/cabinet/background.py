"""Works of the cabinet beside its pages: dictionaries, tokens of those who left, the audit chain, cleaning up."""

from collections.abc import Sequence
from datetime import timedelta

from esoz.kernel import audit, clocks
from esoz.kernel.pages import Terms, delete_expired
from esoz.kernel.periodic import Periodic
from esoz.sdk import CentralError, understood

from .access.commands import let_leavers_go
from .connection import NotConnected
from .doctors import commands as doctors
from .registration.commands import forget_old
from .services import Services
from .shares.commands import forget as forget_shares


def works(services: Services, terms: Terms) -> Sequence[Periodic]:
    """All periodic works; decision 7: the audit chain is at most a second behind."""
    return [
        Periodic("dictionaries", timedelta(seconds=15), understood(lambda: refresh(services)), passing=(CentralError,)),
        Periodic(
            "registers of doctors",
            timedelta(seconds=30),
            understood(lambda: doctors.refresh(services)),
            passing=(CentralError,),
        ),
        clocks.watch(services.database, services.clock),
        Periodic("audit chain", timedelta(seconds=1), lambda: _chain(services)),
        Periodic("leavers", timedelta(minutes=1), lambda: clean(services, terms), passing=(NotConnected,)),
        Periodic("registrations", timedelta(hours=1), lambda: forget_old(services)),
        Periodic("shares", timedelta(minutes=1), lambda: forget_shares(services)),
        Periodic("audit partitions", timedelta(hours=12), lambda: _make_partitions(services)),
    ]


async def refresh(services: Services) -> None:
    """Ask central for its dictionaries when ours are old; before the cabinet is connected there is nobody to ask."""
    now = services.clock.now()
    if not services.dictionaries.is_stale(now):
        return
    async with services.database.connection() as db:
        try:
            client = await services.gateway.client(db)
        except NotConnected:
            return
    await services.dictionaries.refresh(services.gateway.central(client), now)


async def clean(services: Services, terms: Terms) -> None:
    """Forget sessions that are over, and give back the tokens of those who had no other."""
    now = services.clock.now()
    async with services.database.transaction() as db:
        await delete_expired(db, now, terms)
    await let_leavers_go(services, now)


async def _chain(services: Services) -> None:
    async with services.database.transaction() as db:
        while await audit.chain(db) == audit.BATCH:
            pass


async def _make_partitions(services: Services) -> None:
    async with services.database.transaction() as db:
        await audit.make_partitions(db, services.clock.now())
