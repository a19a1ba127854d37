"""Numbered SQL files, forward only, applied once each under an advisory lock, without stopping who works meanwhile.

A migration runs in a transaction and waits for the lock of a table only shortly: everybody who comes after it in the
queue of that lock waits with it. A file whose first line is OUTSIDE holds one statement that PostgreSQL refuses in
a transaction, such as `create index concurrently`; what was left of a failed try is put away before the next.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import asyncpg

from . import logs
from .db import Connection

LOCK = 0x45534F5A  # "ESOZ": one migrator at a time, whatever the number of processes
OUTSIDE = "-- outside a transaction"
_INDEX = re.compile(
    r"^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?!if\s)(\w+)\s+on\s", re.IGNORECASE | re.MULTILINE
)
_HOURS = 24 * 3600.0  # in the place of the pool's limit for a request: a large table takes its time


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name is its number and what it does."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def is_outside(self) -> bool:
        return self.sql.startswith(OUTSIDE)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one try waits for a lock, how many tries there are, and how long the first pause between them lasts."""

    lock_seconds: float = 3
    tries: int = 12
    pause_seconds: float = 1


class TablesAreBusy(Exception):
    """A migration found its tables locked in every try; nothing of it was applied."""


def read(*folders: str) -> list[Migration]:
    """All migrations of packages, e.g. `read("esoz.kernel.sql", "esoz.central.migrations")`, sorted by file name."""
    found = [Migration(file.name, file.read_text("utf-8")) for folder in folders for file in _sql(files(folder))]
    return sorted(found, key=lambda migration: migration.name)


def _sql(folder: Traversable) -> Iterable[Traversable]:
    return (file for file in folder.iterdir() if file.name.endswith(".sql"))


async def migrate(db: Connection, migrations: Iterable[Migration], patience: Patience | None = None) -> list[str]:
    """Apply what is missing, in order; return the names applied.

    Raises RuntimeError when an applied file was edited afterwards: history is not rewritten. Raises TablesAreBusy
    when the locks that a migration needs were not to be had; what was applied before it stays.
    """
    await _be_alone(db)
    try:
        await db.execute(
            "create table if not exists migrations"
            " (name text primary key, digest text not null, applied_at timestamptz not null default now())"
        )
        done = {row["name"]: row["digest"] for row in await db.fetch("select name, digest from migrations")}
        applied = []
        for migration in migrations:
            if done.get(migration.name, migration.digest) != migration.digest:
                raise RuntimeError(f"Migration {migration.name} was changed after it had been applied")
            if migration.name not in done:
                await _apply(db, migration, patience or Patience())
                applied.append(migration.name)
        return applied
    finally:
        await db.execute("select pg_advisory_unlock($1)", LOCK)


async def _be_alone(db: Connection) -> None:
    """Asks for the lock again and again: a statement that waits for it holds a snapshot, which an index waits for."""
    while not await db.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 held by another process
        await asyncio.sleep(0.5)


async def _apply(db: Connection, migration: Migration, patience: Patience) -> None:
    if migration.is_outside:
        await _apply_outside(db, migration)
        return
    for number in range(1, patience.tries + 1):
        try:
            async with db.transaction():
                await db.execute(f"set local lock_timeout = {int(patience.lock_seconds * 1000)}")
                await db.execute(migration.sql, timeout=_HOURS)
                await _note(db, migration)
            return
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            logs.warning("migration waits for a lock", migration=migration.name, attempt=number, of=patience.tries)
            if number < patience.tries:
                await asyncio.sleep(min(patience.pause_seconds * 2 ** (number - 1), 30))
    raise TablesAreBusy(
        f"{migration.name}: its tables were locked by others in each of {patience.tries} tries of"
        f" {patience.lock_seconds:g} s. Nothing of it was applied. See pg_stat_activity for a long transaction, end it"
        " or wait for it, and run `esoz migrate` again."
    )


async def _apply_outside(db: Connection, migration: Migration) -> None:
    """No limit for locks: what runs so lets others read and write while it waits."""
    name = _INDEX.search(migration.sql)
    is_valid = name and await db.fetchval(
        "select indisvalid from pg_index where indexrelid = to_regclass($1)", name.group(1)
    )
    if name and is_valid is False:
        await db.execute(f"drop index concurrently {name.group(1)}", timeout=_HOURS)
    if not is_valid:
        await db.execute(migration.sql, timeout=_HOURS)
    await _note(db, migration)


async def _note(db: Connection, migration: Migration) -> None:
    await db.execute("insert into migrations (name, digest) values ($1, $2)", migration.name, migration.digest)
