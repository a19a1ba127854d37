"""The processes of the system: which there are, how each is started, which migrations each database has."""

from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp

from esoz.cabinet import process as cabinet
from esoz.central import process as central
from esoz.central.app import MIGRATIONS as CENTRAL_MIGRATIONS
from esoz.kernel.serve import database_url, migrate, serve, work
from esoz.kernel.settings import Settings
from esoz.mis import process as mis
from esoz.sandbox import inbox

PARTS = {
    "central": "the national database: API and pages",
    "worker": "central's jobs, messages and chores",
    "mis": "the workplace of clinics and pharmacies",
    "cabinet": "the cabinet of patients",
    "inbox": "the development inbox (sandbox only)",
}

MIGRATIONS = {"central": CENTRAL_MIGRATIONS, "mis": mis.MIGRATIONS, "cabinet": cabinet.MIGRATIONS}

_SERVERS: dict[str, Callable[[Settings], ASGIApp]] = {
    "central": central.Central,
    "mis": mis.make,
    "cabinet": cabinet.make,
    "inbox": inbox.make,
}


def run_part(name: str, settings: Settings) -> None:
    """Run one part until a signal comes."""
    if name == "worker":
        work(partial(central.worker, settings))
        return
    application = _SERVERS[name](settings)
    serve(application, host=settings.text("ESOZ_HOST"), port=settings.number(f"ESOZ_{name.upper()}_PORT"))


async def migrate_all(settings: Settings) -> list[str]:
    """Bring all databases up to date; return what was applied, with the part in front."""
    applied = []
    for part, folders in MIGRATIONS.items():
        applied += [f"{part} {name}" for name in await migrate(database_url(settings, part), folders)]
    return applied
