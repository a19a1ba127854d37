"""The processes of the system: which there are, how each is started, which migrations each database has."""

from functools import partial
from importlib import import_module
from typing import Any

from esoz.kernel.migrations import Patience
from esoz.kernel.serve import database_url, migrate, serve, work
from esoz.kernel.settings import Settings

PARTS = {
    "central": "the national database: API and pages",
    "worker": "central's jobs, messages and periodic tasks",
    "mis": "the workplace of clinics and pharmacies",
    "cabinet": "the cabinet of patients",
    "inbox": "the development inbox (sandbox only)",
    "diia": "the simulator of Diia.Signature (sandbox only)",
    "trust-centre": "the test trust centre: certificates, OCSP, timestamps",
}

MIGRATIONS = {
    part: ("esoz.kernel.sql", f"esoz.{part}.migrations") for part in ("central", "mis", "cabinet", "trust_centre")
}

# Named, not imported: a process loads its own part and no other.
_MODULES = {
    "central": "esoz.central.process",
    "worker": "esoz.central.process",
    "mis": "esoz.mis.process",
    "cabinet": "esoz.cabinet.process",
    "inbox": "esoz.sandbox.inbox",
    "diia": "esoz.sandbox.diia",
    "trust-centre": "esoz.trust_centre.process",
}


def run_part(name: str, settings: Settings) -> None:
    """Run one part until a signal comes."""
    module: Any = import_module(_MODULES[name])
    if name == "worker":
        work(partial(module.worker, settings))
        return
    application = module.make(settings)
    serve(application, settings, port=settings.port(name))


async def migrate_all(settings: Settings) -> list[str]:
    """Bring all databases that are used up to date; return what was applied, with the part in front."""
    applied = []
    patience = Patience(settings.number("ESOZ_MIGRATION_LOCK_SECONDS"))
    for part, folders in MIGRATIONS.items():
        if part == "trust_centre" and not _has_trust_centre(settings):
            continue
        applied += [f"{part} {name}" for name in await migrate(database_url(settings, part), folders, patience)]
    return applied


def _has_trust_centre(settings: Settings) -> bool:
    """An installation with real authorities has no test trust centre, nor a database for one."""
    named = ("ESOZ_TRUST_CENTRE_DATABASE", "ESOZ_TRUST_CENTRE_PASSWORD")
    return settings.sandbox or any(settings.text(name) for name in named)
