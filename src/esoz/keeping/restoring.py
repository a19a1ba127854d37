"""The embedded database as it was at a moment, out of an archive."""

import asyncio
import shutil
import time
from datetime import datetime
from pathlib import Path

import asyncpg

from esoz.kernel.postgres import Embedded

from .backups import copy_objects, listed
from .model import Archive, Base, base_for

PATIENCE_SECONDS = 24 * 60 * 60.0
LOOK_SECONDS = 0.2
BEGINS_SECONDS = 60.0
NOT_REACHED = "recovery ended before configured recovery target was reached"
# A segment, or the last one, of which only the beginning was written.
_FETCH = 'restore_command = \'cp "{folder}/%f" "%p" || cp "{folder}/%f.partial" "%p"\'\n'


class NotRestored(Exception):
    """Nothing was restored, or not what was asked for."""


def restore(server: Embedded, archive: Archive, to: datetime | None, objects: Path | None) -> Base:
    """Put the database where none is, up to a moment, or to the last change that the archive has; it runs then.

    `objects`: the folder of documents, brought back too. Raises NotRestored, RuntimeError, OSError.
    """
    if server.data.exists():
        raise NotRestored(f"{server.data} is there: move it away first")
    base = base_for(listed(archive), to)
    if base is None:
        raise NotRestored(f"the archive {archive.folder} has no copy of the database that old")
    if objects is not None:
        copy_objects(archive.objects, objects)
    server.home.mkdir(parents=True, exist_ok=True)
    server.own(server.home)
    shutil.copytree(base.folder, server.data)
    server.own(server.data, whole=True)
    wanted = _FETCH.format(folder=archive.changes)
    wanted += f"recovery_target_time = '{to.isoformat()}'\nrecovery_target_action = 'promote'\n" if to else ""
    (server.data / "recovery.signal").touch()
    server.own(server.data / "recovery.signal")
    server.launch(wanted)
    asyncio.run(_until_promoted(server, wanted))
    return base


async def _until_promoted(server: Embedded, wanted: str) -> None:
    """Until the server takes changes again. Raises NotRestored when it gives up.

    A start at once after a crash meets what is left of the processes that died: it is tried again for a while.
    """
    began, said = time.monotonic(), _size(server.log)
    while (waited := time.monotonic() - began) < PATIENCE_SECONDS:
        if not server.running():
            if NOT_REACHED in _said_since(server.log, said):
                raise NotRestored(f"the server gave up: the archive does not reach that moment; see {server.log}")
            if waited > BEGINS_SECONDS:
                raise NotRestored(f"the server does not start; see {server.log}")
            await asyncio.sleep(1)
            server.launch(wanted)
        try:
            connection = await asyncpg.connect(server.url("postgres"))
        except (asyncpg.PostgresError, OSError):
            await asyncio.sleep(LOOK_SECONDS)
            continue
        try:
            if not await connection.fetchval("select pg_is_in_recovery()"):
                return
        finally:
            await connection.close()
        await asyncio.sleep(LOOK_SECONDS)
    raise NotRestored("the server is still catching up")


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _said_since(log: Path, place: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(place)
        return file.read().decode(errors="replace")
