"""Jobs that failed by our own fault: an operator lists them, and has them performed again when the fault is mended."""

from collections.abc import Sequence
from enum import StrEnum

import asyncpg

from .db import Connection, Row
from .errors import AlreadyExists, NotFound
from .jobs import MOVES, Status
from .states import move
from .work import Work


class Event(StrEnum):
    RETRIED = "job.retried"


async def listed(db: Connection) -> Sequence[Row]:
    """Every job that is set aside, the oldest first, and every pending one that has failed or waits already."""
    rows: Sequence[Row] = await db.fetch(
        "select id, kind, status, attempts, put_off, inserted_at, due_at from jobs"
        " where status = $1 or (status = 'pending' and (attempts > 0 or put_off > 0)) order by number",
        Status.FAILED_WITH_ERROR.value,
    )
    return rows


async def retry(work: Work, job_id: str) -> None:
    """Have a job performed again. Raises NotFound, Conflict; AlreadyExists when the same was sent again and waits."""
    row = await work.db.fetchrow("select status, patient_id from jobs where id = $1 for update", job_id)
    if row is None:
        raise NotFound()
    status = Status(row["status"])
    if status is not Status.PENDING:  # of one that waits only the pause is ended
        status = move(MOVES, status, Status.PENDING)
    try:
        async with work.db.transaction():
            await work.db.execute(
                "update jobs set status = $2, attempts = 0, put_off = 0, due_at = null, finished_at = null,"
                " status_code = null, error = null where id = $1",
                job_id,
                status.value,
            )
    except asyncpg.UniqueViolationError as fault:
        raise AlreadyExists() from fault
    await work.db.execute("select pg_notify('jobs', '')")
    work.record(Event.RETRIED, job_id, patient_id=row["patient_id"])
