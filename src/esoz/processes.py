"""The processes of the system: which there are, how each is started, which migrations each database has."""

import asyncio
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from socket import socket
from typing import Any

import asyncpg

from esoz.kernel import notify, prefork
from esoz.kernel.migrations import Patience
from esoz.kernel.serve import database_url, migrate, serve, work
from esoz.kernel.settings import Settings
from esoz.signature import SignatureError

PARTS = {
    "central": "the national database: API and pages",
    "worker": "central's jobs, messages and periodic tasks",
    "mis": "the workplace of clinics and pharmacies",
    "cabinet": "the cabinet of patients",
    "archive": "every change of the embedded database goes to ESOZ_ARCHIVE before it is answered",
    "inbox": "the development inbox (sandbox only)",
    "diia": "the telephone with Diia: signs, and is a door to central (sandbox only)",
    "govid": "the simulator of id.gov.ua, by which the portal knows its people (sandbox only)",
    "portal": "a state's portal: another door to central (sandbox only)",
    "trust-centre": "the test trust centre: certificates, OCSP, timestamps",
}

REAL = ("central", "worker", "mis", "cabinet")  # what an installation has that is no sandbox
DATABASES = {"central": ("central",), "worker": ("central",), "mis": ("mis",), "cabinet": ("cabinet",)}
SILENT = ("worker", "archive")  # they have no address
SEVERAL = ("central", "worker")  # of these run as many as ESOZ_PROCESSES says

MIGRATIONS = {
    part: ("esoz.kernel.sql", f"esoz.{part}.migrations") for part in ("central", "mis", "cabinet", "trust_centre")
} | {
    "diia": ("esoz.kernel.sql", "esoz.sandbox.door.migrations"),
    "govid": ("esoz.kernel.sql", "esoz.sandbox.govid.migrations"),
    "portal": ("esoz.kernel.sql", "esoz.sandbox.door.migrations", "esoz.sandbox.portal.migrations"),
}
OF_SANDBOX = frozenset({"diia", "govid", "portal"})

# Named, not imported: a process loads its own part and no other.
_MODULES = {
    "central": "esoz.central.process",
    "worker": "esoz.central.process",
    "mis": "esoz.mis.process",
    "cabinet": "esoz.cabinet.process",
    "archive": "esoz.keeping.command",
    "inbox": "esoz.sandbox.inbox",
    "diia": "esoz.sandbox.diia.process",
    "govid": "esoz.sandbox.govid.process",
    "portal": "esoz.sandbox.portal.process",
    "trust-centre": "esoz.trust_centre.process",
}


def run_part(name: str, settings: Settings) -> int:
    """Run one part until a signal comes, in this process or in as many as are wanted; the exit status."""
    if _count(name, settings) == 1:
        _made(name, settings)((), lambda: None)
        return 0
    return run_parts([name], settings)


def run_parts(names: Sequence[str], settings: Settings) -> int:
    """Run parts until a signal comes, each in processes of its own: who dies or hangs is started again.

    The exit status is 1 when one never started.
    """
    for each in {name for part in names for name in DATABASES.get(part, ())}:
        database_url(settings, each)  # the embedded server is started before anything is forked
    load(names)
    try:
        found = members(names, settings)
    except asyncpg.UndefinedTableError:
        print("cannot start: a database is not made yet, or of another version; run: esoz migrate", file=sys.stderr)
        return 1
    except (SignatureError, ValueError, OSError) as fault:
        print(f"cannot start: {fault}", file=sys.stderr)
        return 1
    keeper = prefork.Keeper(
        found,
        on_up=lambda: notify.tell(notify.READY),
        on_look=lambda: notify.tell(notify.ALIVE),
    )
    try:
        keeper.run()
    except prefork.NotStarted as fault:
        print(f"{fault} did not start", file=sys.stderr)
        return 1
    finally:
        notify.tell(notify.STOPPING)
    return 0


def load(names: Collection[str]) -> None:
    """Load the code of these parts, for all processes that are forked from here."""
    for name in names:
        import_module(_MODULES[name])


def members(names: Collection[str], settings: Settings, folder: Path | None = None) -> list[prefork.Member]:
    """All processes of these parts; what each writes goes to a log of its own in the folder. Raises OSError.

    What they have in common is made here and now: applications, and what central's processes know by heart.
    """
    found: list[prefork.Member] = []
    central: Any = import_module(_MODULES["central"])
    if any(name in SEVERAL for name in names):
        asyncio.run(central.preload(settings))
    for name in names:
        run = _made(name, settings)
        count, port = _count(name, settings), settings.number("ESOZ_PROCESS_PORT")
        host = settings.text("ESOZ_HOST")
        shared = [] if name in SILENT else [prefork.listen(host, settings.port(name))]
        for number in range(count):
            called = name if count == 1 else f"{name}-{number + 1}"
            is_asked_alone = name == "central" and port > 0 and count > 1
            own = [prefork.listen(host, port + number)] if is_asked_alone else []
            found.append(prefork.Member(called, partial(run, (*shared, *own)), folder and folder / f"{called}.log"))
    prefork.preserve()
    return found


def _count(name: str, settings: Settings) -> int:
    return settings.number("ESOZ_PROCESSES") if name in SEVERAL else 1


def _made(name: str, settings: Settings) -> Callable[[Sequence[socket], prefork.Up], None]:
    """A part, ready to run: its sockets, and whom to tell when it works, are given then."""
    module: Any = import_module(_MODULES[name])
    if name == "worker":
        return lambda _sockets, up: work(partial(module.worker, settings), up)
    if name == "archive":
        return lambda _sockets, up: module.run_archive(settings, up)
    application = module.make(settings)
    return lambda sockets, up: serve(application, settings, port=settings.port(name), sockets=sockets, up=up)


async def migrate_all(settings: Settings) -> list[str]:
    """Bring all databases that are used up to date; return what was applied, with the part in front."""
    patience = Patience(settings.number("ESOZ_MIGRATION_LOCK_SECONDS"))
    wanted = {part: database_url(settings, part) for part in MIGRATIONS if _is_here(part, settings)}
    done = await asyncio.gather(*(migrate(url, MIGRATIONS[part], patience) for part, url in wanted.items()))
    return [f"{part} {name}" for part, names in zip(wanted, done, strict=True) for name in names]


def _is_here(part: str, settings: Settings) -> bool:
    """Whether an installation has a database of this part."""
    if part in OF_SANDBOX:
        return settings.sandbox
    return part != "trust_centre" or _has_trust_centre(settings)


def _has_trust_centre(settings: Settings) -> bool:
    """An installation with real authorities has no test trust centre, nor a database for one."""
    named = ("ESOZ_TRUST_CENTRE_DATABASE", "ESOZ_TRUST_CENTRE_PASSWORD")
    return settings.sandbox or any(settings.text(name) for name in named)
