"""Whether everything that the database names is there, as it was."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.objects import Objects

# Columns that hold the name of a document: `folder/sha256-of-its-bytes` (decision 9).
COLUMNS = ("signed_document", "object_name", "object")
AT_ONCE = 1000
MOST_TOLD = 100


@dataclass(slots=True)
class Checked:
    """Documents that were looked at; names of those that are not there, or are not what their name says."""

    count: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


async def names(db: Connection) -> AsyncIterator[list[str]]:
    """Names of all documents that the database speaks of and the store should have, in parts."""
    columns = await db.fetch(
        "select table_name, column_name from information_schema.columns c join information_schema.tables t"
        " using (table_schema, table_name) where table_schema = 'public' and table_type = 'BASE TABLE'"
        " and column_name = any($1) order by 1, 2",
        list(COLUMNS),
    )
    for column in columns:
        name, table = column["column_name"], column["table_name"]
        last = ""
        while True:
            rows = await db.fetch(
                f"select distinct {name} as name from {table} where {name} > $1"
                f" and not exists (select from documents_waiting w where w.name = {table}.{name}) order by 1 limit $2",
                last,
                AT_ONCE,
            )
            if not rows:
                break
            yield [row["name"] for row in rows]
            last = rows[-1]["name"]


async def check(db: Connection, objects: Objects) -> Checked:
    """Read every document and compare it with its name. Raises StoreUnavailable."""
    found = Checked()
    async for part in names(db):
        for name in part:
            found.count += 1
            try:
                content = await objects.read(name)
            except NotFound:
                found.missing.append(name)
                continue
            if hashlib.sha256(content).hexdigest() != name.rpartition("/")[2]:
                found.changed.append(name)
    return found
