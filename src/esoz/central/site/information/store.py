"""SQL of information."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Page, Paged, Query, Row

from .model import FRESH, Entry, Section, State

_NAMES = tuple(Entry.__dataclass_fields__)
_COLUMNS = ", ".join(_NAMES)
# Sections in the order of the pages; in a section by its own places, then by the Ukrainian alphabet.
_SECTIONS = ", ".join(f"'{section}'" for section in Section)
_ORDER = f"""array_position(array[{_SECTIONS}], section), place, case when section = 'NEWS' then checked_on end desc,
ukrainian_key(title) collate "C", id"""
_IS_OUTDATED = "case when ends_on is null then {0} - checked_on > {1} else ends_on < {0} end"


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationFilter:
    """Filters of a list; None means any. `text` is a part of the title or of the text."""

    text: str | None = None
    section: Section | None = None
    state: State | None = None


def _entries(rows: Sequence[Row]) -> list[Entry]:
    return [Entry(**{name: row[name] for name in _NAMES} | {"section": Section(row["section"])}) for row in rows]


async def listed(
    db: Db, filters: InformationFilter, page: Page, today: date, *, shown_only: bool
) -> tuple[list[Entry], Paged]:
    """A page of entries: what everyone sees, or with what is hidden too, for administrators."""
    query = Query(f"select {_COLUMNS} from information")
    query.where_given("section = {}", None if filters.section is None else str(filters.section))
    query.where_given("strpos(plain_name(concat_ws(' ', title, body, phone)), plain_name({})) > 0", filters.text)
    if shown_only:
        query.where("is_shown")
    if filters.state is State.HIDDEN:
        query.where("not is_shown")
    elif filters.state is not None:
        query.where("is_shown").where(f"({_IS_OUTDATED}) = {{2}}", today, FRESH.days, filters.state is State.OUTDATED)
    paged = await query.page(db, page, order=_ORDER)
    return _entries(paged.rows), paged


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
