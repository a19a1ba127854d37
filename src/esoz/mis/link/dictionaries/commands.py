"""Refreshing the local copy from central."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from esoz.kernel.db import Database
from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.sdk import Central

from . import store

STALE = timedelta(hours=12)


async def load(database: Database, into: Dictionaries) -> datetime | None:
    """Take the copy in the database into memory; return its age."""
    async with database.connection() as db:
        for name, values in (await store.load(db)).items():
            into.put(name, values)
        return await store.newest(db)


async def refresh(database: Database, central: Central, into: Dictionaries, now: datetime) -> int:
    """Fetch all dictionaries from central and keep them; return how many. Raises CentralError."""
    answer = await central.get("/api/v2/dictionaries")
    books = {item["name"]: list(_values(item.get("values") or ())) for item in answer.rows()}
    async with database.transaction() as db:
        await store.save(db, books, now)
    for name, values in books.items():
        into.put(name, values)
    return len(books)


def _values(items: Any) -> Iterator[Value]:
    """Values with those below them, flat, each code once."""
    seen: set[str] = set()
    waiting: list[Mapping[str, Any]] = list(items)
    while waiting:
        item = waiting.pop(0)
        if item["code"] not in seen:
            seen.add(item["code"])
            yield Value(item["code"], item["description"], item.get("is_active", True))
        waiting[:0] = item.get("child_values") or []
