"""SQL of information."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Row

from .model import Entry, Section

_COLUMNS = "id, section, title, body, url, phone, place, checked_on, ends_on, is_shown"
_ORDER = "section, place, checked_on desc, title"


def _entries(rows: Sequence[Row]) -> list[Entry]:
    return [Entry(**{**row, "section": Section(row["section"])}) for row in rows]


async def shown(db: Db) -> list[Entry]:
    """What everyone sees, in order."""
    return _entries(await db.fetch(f"select {_COLUMNS} from information where is_shown order by {_ORDER}"))


async def everything(db: Db) -> list[Entry]:
    """The same with what is hidden: for administrators."""
    return _entries(await db.fetch(f"select {_COLUMNS} from information order by {_ORDER}"))


async def newest(db: Db, section: str, limit: int) -> list[Entry]:
    """The newest entries of a section, for the first page."""
    rows = await db.fetch(
        f"select {_COLUMNS} from information where is_shown and section = $1 order by checked_on desc, place limit $2",
        section,
        limit,
    )
    return _entries(rows)


async def find(db: Db, id: UUID) -> Entry | None:
    rows = await db.fetch(f"select {_COLUMNS} from information where id = $1 for update", id)
    return next(iter(_entries(rows)), None)


async def save(db: Db, entry: Entry, *, by: UUID | None, at: datetime) -> None:
    """Add an entry, or change it."""
    await db.execute(
        """
        insert into information (id, section, title, body, url, phone, place, checked_on, ends_on, is_shown, changed_by,
                                 inserted_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        on conflict (id) do update set section = $2, title = $3, body = $4, url = $5, phone = $6, place = $7,
            checked_on = $8, ends_on = $9, is_shown = $10, changed_by = $11, updated_at = $12
        """,
        entry.id,
        str(entry.section),
        entry.title,
        entry.body,
        entry.url,
        entry.phone,
        entry.place,
        entry.checked_on,
        entry.ends_on,
        entry.is_shown,
        by,
        at,
    )
