"""Signed documents: kept in the transaction of the act that brings them, carried to the store of objects afterwards.

A document and its record are committed together, so there is never one without the other (BG-20) and an act waits for
no second disk. A document is in the database or, once it is there for certain, in the store; whoever reads asks in
this order.
"""

import asyncio
import hashlib
from collections.abc import Sequence

from .act import write_at_end
from .db import Connection, Database
from .errors import StoreUnavailable
from .loops import poll
from .objects import Objects

IDLE_SECONDS = 1.0
BATCH, BATCH_BYTES = 64, 16 * 1024 * 1024  # documents of one turn; a scan may be as large as many signed texts
_TAKE = f"""
with some_of_them as (
    select name, octet_length(content) as size from documents_waiting limit {BATCH} for update skip locked
), sized as (
    select name, sum(size) over (order by name) - size as before from some_of_them
)
delete from documents_waiting where name in (select name from sized where before < {BATCH_BYTES})
returning name, content
"""


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


class Carrier:
    """Carries documents to the store until it is told to stop; while the store is away they wait."""

    name = "documents"

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database, self._objects, self._stopping = database, objects, asyncio.Event()
        self.failing: Sequence[str] = ()  # itself, while the store is away

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._turn, idle=IDLE_SECONDS, stopping=self._stopping)

    async def _turn(self) -> bool:
        """One batch; True when there may be another."""
        try:
            carried = await self.carry()
        except StoreUnavailable:
            self.failing = (self.name,)
            return False
        self.failing = ()
        return carried > 0

    async def carry(self) -> int:
        """Carry one batch; return how many documents it was. Raises StoreUnavailable: then all of them still wait.

        They leave the database when the store has them on its disk; killed in between, they are carried again.
        """
        async with self._database.transaction() as db:
            rows = await db.fetch(_TAKE)
            if rows:
                await self._objects.put({row["name"]: row["content"] for row in rows})
        return len(rows)
