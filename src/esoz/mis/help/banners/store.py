"""Banners in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert
from esoz.mis.base.banners import Notification

_BANNER = (
    "select b.id, b.clinic_id, b.severity, b.text, b.begins_at, b.ends_at, b.made_at,"
    " coalesce(concat_ws(' ', u.last_name, u.first_name), '') as author from banners b"
    " left join users u on u.id = b.made_by"
)
_OPEN = "b.ended_at is null and (b.ends_at is null or b.ends_at > $1)"


async def open_ones(db: Connection, now: datetime) -> list[Notification]:
    """All that stand now or will."""
    rows = await db.fetch(f"{_BANNER} where {_OPEN} order by b.begins_at", now)
    return [as_model(Notification, row) for row in rows]


async def of_clinic(db: Connection, clinic_id: UUID, now: datetime) -> list[Notification]:
    """Those of a clinic that stand now or will."""
    rows = await db.fetch(f"{_BANNER} where {_OPEN} and b.clinic_id = $2 order by b.begins_at", now, clinic_id)
    return [as_model(Notification, row) for row in rows]


async def add(db: Connection, banner: Notification, made_by: UUID | None) -> None:
    await insert(
        db,
        "banners",
        id=banner.id,
        clinic_id=banner.clinic_id,
        severity=banner.severity,
        text=banner.text,
        begins_at=banner.begins_at,
        ends_at=banner.ends_at,
        made_by=made_by,
        made_at=banner.made_at,
    )


async def end(db: Connection, id: UUID, clinic_id: UUID | None, now: datetime) -> bool:
    """Take a banner of this clinic (None: of the operator) down; False when there is no such."""
    ended: bool | None = await db.fetchval(
        "update banners set ended_at = $3 where id = $1 and clinic_id is not distinct from $2 and ended_at is null"
        " returning true",
        id,
        clinic_id,
        now,
    )
    return bool(ended)
