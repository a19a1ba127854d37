"""Numbered SQL files, forward only, applied once each under an advisory lock."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from .db import Connection

LOCK = 0x45534F5A  # "ESOZ": one migrator at a time, whatever the number of processes


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name is its number and what it does."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(*folders: str) -> list[Migration]:
    """All migrations of packages, e.g. `read("esoz.kernel.sql", "esoz.central.migrations")`, sorted by file name."""
    found = [Migration(file.name, file.read_text("utf-8")) for folder in folders for file in _sql(files(folder))]
    return sorted(found, key=lambda migration: migration.name)


def _sql(folder: Traversable) -> Iterable[Traversable]:
    return (file for file in folder.iterdir() if file.name.endswith(".sql"))


async def migrate(db: Connection, migrations: Iterable[Migration]) -> list[str]:
    """Apply what is missing, each in its own transaction; return the names applied.

    Raises RuntimeError when an applied file was edited afterwards: history is not rewritten.
    """
    await db.execute("select pg_advisory_lock($1)", LOCK)
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
                await _apply(db, migration)
                applied.append(migration.name)
        return applied
    finally:
        await db.execute("select pg_advisory_unlock($1)", LOCK)


async def _apply(db: Connection, migration: Migration) -> None:
    async with db.transaction():
        await db.execute(migration.sql)
        await db.execute("insert into migrations (name, digest) values ($1, $2)", migration.name, migration.digest)
