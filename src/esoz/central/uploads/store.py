"""SQL of uploads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, as_model
from esoz.kernel.errors import NotFound

from .model import KEEP_TAKEN, KEEP_UNUSED, Place, Upload

_COLUMNS = ", ".join(Upload.__dataclass_fields__)


async def expect(db: Connection, place: Place, patient_id: UUID | None, expires_at: datetime, now: datetime) -> None:
    """A document is waited for from now on."""
    await insert_later(
        db,
        "uploads",
        folder=place.folder,
        request_id=place.request_id,
        type=place.type,
        patient_id=patient_id,
        expires_at=expires_at,
        forget_at=expires_at + KEEP_UNUSED,
        inserted_at=now,
    )


async def find(db: Connection, place: Place, *, lock: bool = False) -> Upload:
    """What is waited for at a place, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(
        f"select {_COLUMNS} from uploads where folder = $1 and request_id = $2 and type = $3"
        + (" for update" if lock else ""),
        place.folder,
        place.request_id,
        place.type,
    )
    if row is None:
        raise NotFound()
    return as_model(Upload, row)


async def of_request(db: Connection, folder: str, request_id: UUID, *, lock: bool = False) -> list[Upload]:
    """All that a request waits for, by type; held until the transaction ends when asked."""
    rows = await db.fetch(
        f"select {_COLUMNS} from uploads where folder = $1 and request_id = $2 order by type"
        + (" for update" if lock else ""),
        folder,
        request_id,
    )
    return [as_model(Upload, row) for row in rows]


async def set_object(db: Connection, place: Place, name: str, length: int, now: datetime) -> None:
    await write_later(
        db,
        "update uploads set replaced = array_remove(array_remove(replaced || object, $4), null), object = $4,"
        " length = $5, uploaded_at = $6, times = times + 1"
        " where folder = $1 and request_id = $2 and type = $3",
        place.folder,
        place.request_id,
        place.type,
        name,
        length,
        now,
    )


async def close(db: Connection, folder: str, request_ids: Sequence[UUID], now: datetime) -> None:
    await write_later(
        db,
        "update uploads set closed_at = $3 where folder = $1 and request_id = any($2) and closed_at is null",
        folder,
        list(request_ids),
        now,
    )


async def keep_until(db: Connection, folder: str, request_id: UUID, moment: datetime) -> None:
    await write_later(
        db,
        "update uploads set forget_at = $3 where folder = $1 and request_id = $2 and object is not null",
        folder,
        request_id,
        moment,
    )


async def take_due(db: Connection, now: datetime, most: int) -> list[str]:
    """Take out some of the scans whose time is over; return the names of their objects."""
    rows = await db.fetch(
        "with due as materialized (select folder, request_id, type from uploads where object is not null"
        f" and forget_at < $1 order by forget_at limit {int(most)} for update skip locked)"
        " delete from uploads where (folder, request_id, type) in (select folder, request_id, type from due)"
        " returning replaced || object as objects",
        now,
    )
    return sorted({name for row in rows for name in row["objects"]})


async def date_old(db: Connection, most: int) -> None:
    """Scans from before their end was written down are kept as if an act stood on each."""
    await db.execute(
        "with due as materialized (select folder, request_id, type from uploads where object is not null"
        f" and forget_at is null limit {int(most)} for update skip locked)"
        " update uploads set forget_at = expires_at + $1"
        " where (folder, request_id, type) in (select folder, request_id, type from due)",
        KEEP_TAKEN,
    )


async def delete_ended(db: Connection, before: datetime) -> None:
    """Forget what never came."""
    await db.execute("delete from uploads where object is null and expires_at < $1", before)
