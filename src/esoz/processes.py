"""The processes of the system: which there are, how each is started, which migrations each database has."""

from functools import partial
from importlib import import_module
from typing import Any

from esoz.kernel.serve import database_url, migrate, serve, work
from esoz.kernel.settings import Settings

PARTS = {
    "central": "the national database: API and pages",
    "worker": "central's jobs, messages and chores",
    "mis": "the workplace of clinics and pharmacies",
    "cabinet": "the cabinet of patients",
    "inbox": "the development inbox (sandbox only)",
}

MIGRATIONS = {
    part: ("esoz.kernel.sql", f"esoz.{part}.migrations") for part in ("central", "mis", "cabinet")
}

# Named, not imported: a process loads its own part and no other.
_MODULES = {
    "central": "esoz.central.process",
    "worker": "esoz.central.process",
    "mis": "esoz.mis.process",
    "cabinet": "esoz.cabinet.process",
    "inbox": "esoz.sandbox.inbox",
}


def run_part(name: str, settings: Settings) -> None:
    """Run one part until a signal comes."""
    module: Any = import_module(_MODULES[name])
    if name == "worker":
        work(partial(module.worker, settings))
        return
    application = module.make(settings)
    serve(application, host=settings.text("ESOZ_HOST"), port=settings.number(f"ESOZ_{name.upper()}_PORT"))


async def migrate_all(settings: Settings) -> list[str]:
    """Bring all databases up to date; return what was applied, with the part in front."""
    applied = []
    for part, folders in MIGRATIONS.items():
        applied += [f"{part} {name}" for name in await migrate(database_url(settings, part), folders)]
    return applied
