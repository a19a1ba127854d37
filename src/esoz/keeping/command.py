"""`esoz backup`, `restore`, `verify`, and the part `archive` of an installation with the embedded database."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from esoz import audit_command
from esoz.kernel import postgres
from esoz.kernel.db import Database
from esoz.kernel.objects import Objects
from esoz.kernel.postgres import Embedded
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings

from . import archiving, backups, checking, restoring
from .model import Archive, read_moment

DONE, REFUSED = 0, 1
PARTS = ("CENTRAL", "MIS", "CABINET")
MEGABYTE = 1024 * 1024


class NoArchive(Exception):
    """The installation has nothing to archive with, or nowhere to."""


def places(settings: Settings) -> tuple[Embedded, Archive]:
    """The embedded server and its archive. Raises NoArchive."""
    own = [part for part in PARTS if settings.text(f"ESOZ_{part}_DATABASE")]
    if own:
        raise NoArchive(
            f"ESOZ_{own[0]}_DATABASE is a server of your own: archive it with its own tools (docs/backup.md)"
        )
    if not settings.text("ESOZ_ARCHIVE"):
        raise NoArchive("set ESOZ_ARCHIVE to a folder, best on another machine")
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    return server, Archive(Path(settings.text("ESOZ_ARCHIVE")).resolve())


def objects_folder(settings: Settings) -> Path | None:
    """The folder of documents; None when they are in a store of somebody else's, which has copies of its own."""
    given = settings.text("ESOZ_OBJECTS")
    return None if "://" in given else Path(given or settings.var / "objects").resolve()


def run_archive(settings: Settings, up: Callable[[], None]) -> None:
    """The part `archive`: until a signal comes. Raises NoArchive, NotArchiving."""
    server, archive = places(settings)
    database_url(settings, "central")  # the server is started when it does not run
    archiving.run(server, archive, up, waits=settings.flag("ESOZ_ARCHIVE_WAITS"))


def backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """A base copy, and the documents that the archive does not have yet."""
    try:
        server, archive = places(settings)
        database_url(settings, "central")
        began = time.monotonic()
        made = backups.copy(server, archive)
        size = sum(path.stat().st_size for path in made.folder.rglob("*") if path.is_file())
        seconds = time.monotonic() - began
        print(f"{made.folder}: {size / MEGABYTE:.0f} MB in {seconds:.1f} s, every file checked")
        folder = objects_folder(settings)
        if folder is not None:
            print(f"{backups.copy_objects(folder, archive.objects)} documents that were not in the archive yet")
        for old in backups.forget(archive, arguments.keep):
            print(f"{old.folder}: deleted, {arguments.keep} newer ones are kept")
    except (NoArchive, RuntimeError, OSError) as fault:
        return _refuse(fault)
    return DONE


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """The database and the documents as they were at a moment."""
    try:
        to = read_moment(arguments.to) if arguments.to else None
        server, archive = places(settings)
        began = time.monotonic()
        base = restoring.restore(server, archive, to, objects_folder(settings))
    except (NoArchive, restoring.NotRestored, RuntimeError, OSError, ValueError) as fault:
        return _refuse(fault)
    moment = f"{to:%d.%m.%Y %H:%M:%S %Z}" if to else "the last change of the archive"
    print(f"restored from {base.folder.name} up to {moment} in {time.monotonic() - began:.1f} s")
    print("the database runs; look at it with `esoz verify`, then make a new copy: `esoz backup`")
    return DONE


def verify(_arguments: argparse.Namespace, settings: Settings) -> int:
    """The audit log is whole, and every document is there as it was signed."""
    return asyncio.run(_verify(settings))


async def _verify(settings: Settings) -> int:
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.connection() as db:
            log = await audit_command.check_database(db, "central", (), None)
            documents = await checking.check(db, Objects.of(settings))
    finally:
        await database.close()
    print(f"audit log: {log.examination.number} lines, {log.examination.count} faults")
    for fault in log.examination.faults[: checking.MOST_TOLD]:
        print(f"FAULT {fault}")
    print(f"documents: {documents.count}, {len(documents.missing)} missing, {len(documents.changed)} changed")
    for name in [*documents.missing, *documents.changed][: checking.MOST_TOLD]:
        print(f"FAULT {name}")
    return REFUSED if log.examination.count or documents.missing or documents.changed else DONE


def _refuse(fault: Exception) -> int:
    print(fault, file=sys.stderr)
    return REFUSED
