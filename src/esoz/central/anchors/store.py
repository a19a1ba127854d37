"""Anchors in SQL."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert

from .model import Anchor

COLUMNS = tuple(field.name for field in fields(Anchor))
_ANCHORS = f"select {', '.join(COLUMNS)} from audit_anchors"


async def head(db: Connection) -> Row | None:
    """The last link of the chain: its number and hash."""
    found: Row | None = await db.fetchrow("select number, hash from audit_chain order by number desc limit 1")
    return found


async def newest(db: Connection) -> Anchor | None:
    row = await db.fetchrow(f"{_ANCHORS} order by number desc limit 1")
    return as_model(Anchor, row) if row else None


async def find(db: Connection, number: int) -> Anchor | None:
    row = await db.fetchrow(f"{_ANCHORS} where number = $1", number)
    return as_model(Anchor, row) if row else None


async def lock(db: Connection) -> None:
    """One process at a time, until the end of the transaction."""
    await db.execute("select pg_advisory_xact_lock(hashtext('audit_anchors'))")


async def add(db: Connection, anchor: Anchor) -> None:
    await insert(db, "audit_anchors", **{name: getattr(anchor, name) for name in COLUMNS})


async def page(db: Connection, page: Page) -> Paged:
    """The newest first."""
    return await Query(_ANCHORS).page(db, page, order="number desc")


async def seals(db: Connection) -> list[bytes]:
    """Certificates of all seals that ever signed an anchor, the newest first."""
    rows = await db.fetch("select certificate from audit_anchors group by certificate order by max(number) desc")
    return [row["certificate"] for row in rows]


async def signed(db: Connection, first: int = 1, last: int | None = None) -> Sequence[bytes]:
    """Anchors over lines of a range, in the order of their numbers."""
    rows = await db.fetch(
        "select signed from audit_anchors where number >= $1 and number <= coalesce($2, number) order by number",
        first,
        last,
    )
    return [row["signed"] for row in rows]


async def waiting_since(db: Connection) -> datetime | None:
    """When the oldest line was written that no anchor covers; None when all are covered."""
    found: datetime | None = await db.fetchval(
        "select least((select at from audit_chain where number > coalesce((select max(number) from audit_anchors), 0)"
        " order by number limit 1), (select min(at) from audit_pending))"
    )
    return found
