"""What is asked about anchors."""

from collections.abc import Sequence
from datetime import datetime

from esoz.kernel.db import Connection, Page, Paged

from . import store
from .model import Anchor


async def anchors(db: Connection, page: Page) -> Paged:
    """Anchors, the newest first."""
    return await store.page(db, page)


async def find(db: Connection, number: int) -> Anchor | None:
    """The anchor whose last line has this number."""
    return await store.find(db, number)


async def seals(db: Connection) -> list[bytes]:
    """Certificates of the seals, the newest first."""
    return await store.seals(db)


async def signed(db: Connection, first: int = 1, last: int | None = None) -> Sequence[bytes]:
    """Signed anchors over lines of a range."""
    return await store.signed(db, first, last)


async def waiting_since(db: Connection) -> datetime | None:
    """Since when lines wait to be covered; None when all are."""
    return await store.waiting_since(db)
