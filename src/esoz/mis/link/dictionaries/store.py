"""Dictionaries in the database of mis."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from esoz.kernel.db import Connection, execute_many, insert_many
from esoz.mis.base.dictionaries import Value


async def newest(db: Connection) -> datetime | None:
    """When the copy was last refreshed."""
    moment: datetime | None = await db.fetchval("select max(refreshed_at) from dictionaries")
    return moment


async def load(db: Connection) -> dict[str, list[Value]]:
    """All dictionaries."""
    found: dict[str, list[Value]] = {}
    query = "select dictionary, code, description, is_active from dictionary_values order by dictionary, place"
    for row in await db.fetch(query):
        value = Value(row["code"], row["description"], row["is_active"])
        found.setdefault(row["dictionary"], []).append(value)
    return found


async def save(db: Connection, books: Mapping[str, Sequence[Value]], at: datetime) -> None:
    """Replace the dictionaries that are given; one that central no longer names stays, old records use its words."""
    await db.execute("delete from dictionaries where name = any($1)", list(books))
    await execute_many(
        db, "insert into dictionaries (name, refreshed_at) values ($1, $2)", [(name, at) for name in books]
    )
    rows = [
        (name, place, value.code, value.description, value.is_active)
        for name, values in books.items()
        for place, value in enumerate(values)
    ]
    await insert_many(db, "dictionary_values", ("dictionary", "place", "code", "description", "is_active"), rows)
