"""SQL of papers that people show of themselves."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model

from ..model.papers import OwnPapers, Status

_COLUMNS = tuple(OwnPapers.__dataclass_fields__)
_PAPERS = f"select {', '.join(_COLUMNS)} from own_papers"


async def add(db: Connection, papers: OwnPapers) -> None:
    values = {name: getattr(papers, name) for name in _COLUMNS}
    await insert_later(db, "own_papers", **values | {"status": str(papers.status), "types": list(papers.types)})


async def save(db: Connection, papers: OwnPapers) -> None:
    await write_later(
        db,
        "update own_papers set status = $3, updated_at = $4 where person_id = $1 and id = $2",
        papers.person_id,
        papers.id,
        str(papers.status),
        papers.updated_at,
    )


async def open_of(db: Connection, person_id: UUID) -> OwnPapers | None:
    """What a person hands in now, or what waits for somebody's look."""
    row = await db.fetchrow(f"{_PAPERS} where person_id = $1 and status in ('NEW', 'COMPLETED')", person_id)
    return as_papers(row) if row else None


async def waiting(db: Connection, page: Page) -> Paged:
    """A page of what waits for somebody's look, the one that has waited longest first."""
    return await Query(_PAPERS).where("status = {}", str(Status.COMPLETED)).page(db, page, order="updated_at, id")


async def delete_ended(db: Connection, before: datetime, most: int) -> int:
    """Forget that papers were asked for; the scans have terms of their own. Return how many."""
    result: str = await db.execute(
        "delete from own_papers where (person_id, id) in (select person_id, id from own_papers"
        f" where status in ('CANCELLED', 'JUDGED') and updated_at < $1 order by updated_at limit {int(most)})",
        before,
    )
    return int(result.rsplit(" ", 1)[-1])


def as_papers(row: Row) -> OwnPapers:
    return as_model(OwnPapers, row)
