"""Signed documents: kept in the transaction of the act that brings them, carried to the store of objects afterwards.

A document and its record are committed together, so there is never one without the other (BG-20) and an act waits for
no second disk. A document is in the database or, once it is there for certain, in the store; whoever reads asks in
this order.
"""

import asyncio
import hashlib
from collections.abc import Sequence

from .act import write_at_end
from .db import Connection, Database, Row
from .errors import StoreUnavailable
from .loops import poll
from .objects import Objects

IDLE_SECONDS = 1.0
BATCH = 64  # documents
BATCH_BYTES = 16 * 1024 * 1024  # of them together, when they are more than one: all are in memory at once
# Two statements: as a part of the deletion the choice is made anew for each row, wherever statistics tell that nothing
# waits, and its limit bounds nothing.
_LOOK = "select name, octet_length(content) as size from documents_waiting limit $1 for update skip locked"
_TAKE = "delete from documents_waiting where name = any($1) returning name, content"


async def keep(db: Connection, folder: str, content: bytes) -> str:
    """Keep a document below `folder` and return its name; the name carries the digest of the content.

    The same document kept again is the same object.
    """
    name = f"{folder}/{hashlib.sha256(content).hexdigest()}"
    await write_at_end(
        db,
        "insert into documents_waiting (name, content) values ($1, $2) on conflict (name) do nothing",
        name,
        content,
    )
    return name


async def read(db: Connection, objects: Objects, name: str) -> bytes:
    """Read a document; raise NotFound, StoreUnavailable."""
    content: bytes | None = await db.fetchval("select content from documents_waiting where name = $1", name)
    return await objects.read(name) if content is None else content


async def forget(db: Connection, objects: Objects, names: Sequence[str]) -> None:
    """Keep these documents no more, wherever they are; killed in between, it is done again. Raises StoreUnavailable."""
    await db.execute("delete from documents_waiting where name = any($1)", list(names))
    await objects.delete(names)


class Carrier:
    """Carries documents to the store until it is told to stop; while the store is away they wait."""

    name = "documents"

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database, self._objects, self._stopping = database, objects, asyncio.Event()
        self.failing: Sequence[str] = ()  # itself, while the store is away
        self._most = BATCH  # documents of the next batch: fewer while the store is slow or away

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._turn, idle=IDLE_SECONDS, stopping=self._stopping)

    async def _turn(self) -> bool:
        """One batch; True when there may be another.

        A store that takes a whole batch too slowly takes nothing of it, so it is given half the next time.
        """
        try:
            is_all = await self.carry()
        except StoreUnavailable:
            self.failing, self._most = (self.name,), max(self._most // 2, 1)
            return False
        self.failing, self._most = (), min(2 * self._most, BATCH)
        return not is_all

    async def carry(self) -> bool:
        """Carry one batch; return whether it was all that waited. Raises StoreUnavailable: then all of them still wait.

        They leave the database when the store has them on its disk; killed in between, they are carried again.
        """
        async with self._database.transaction() as db:
            found = await db.fetch(_LOOK, self._most)
            names = _together(found)
            if names:
                rows = await db.fetch(_TAKE, names)
                await self._objects.put({row["name"]: row["content"] for row in rows})
        return len(names) == len(found) < self._most


def _together(found: Sequence[Row]) -> list[str]:
    """The names of the first of them that are not too large together, of one at least."""
    names, size = list[str](), 0
    for row in found:
        size += row["size"]
        if names and size > BATCH_BYTES:
            break
        names.append(row["name"])
    return names
