"""Referrals that the clinic has written or taken, for its lists and for what a doctor asks for often."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from string import digits
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model

from .model.referrals import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A referral in a list; `act` and `job_id` of what was asked of central and is not settled."""

    clinic_id: UUID
    id: UUID
    way: Way
    user_id: UUID
    patient_id: UUID
    patient_name: str
    service_id: UUID
    service: str
    created_at: datetime
    updated_at: datetime
    requisition: str = ""
    status: str = ""
    act: str = ""
    job_id: str = ""


_COLUMNS = tuple(field.name for field in fields(Row))


async def keep(db: Connection, row: Row) -> None:
    """Store a referral, or what is new of it; who had it first stays."""
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
    kept = {"clinic_id", "id", "way", "user_id", "created_at"}
    changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in kept)
    await db.execute(
        f"insert into referrals ({', '.join(_COLUMNS)}) values ({places})"
        f" on conflict (clinic_id, way, id) do update set {changes}",
        *(str(value) if isinstance(value := getattr(row, name), Way) else value for name in _COLUMNS),
    )


async def found(db: Connection, clinic_id: UUID, way: Way, id: UUID, *, lock: bool = False) -> Row | None:
    row = await db.fetchrow(
        "select * from referrals where clinic_id = $1 and way = $2 and id = $3" + " for update" * lock,
        clinic_id,
        str(way),
        id,
    )
    return as_model(Row, row) if row else None


async def settle(db: Connection, row: Row) -> None:
    """Note what central said."""
    await db.execute(
        "update referrals set status = $4, requisition = $5, act = $6, job_id = $7, updated_at = $8"
        " where clinic_id = $1 and way = $2 and id = $3",
        row.clinic_id,
        str(row.way),
        row.id,
        row.status,
        row.requisition,
        row.act,
        row.job_id,
        row.updated_at,
    )


async def listed(db: Connection, clinic_id: UUID, way: Way, text: str, page: Page, *, user_id: UUID | None) -> Paged:
    """A page of a clinic's referrals, the newest first: by a part of the patient's name, the service or the number."""
    query = (
        Query("select * from referrals")
        .where("clinic_id = {}", clinic_id)
        .where("way = {}", str(way))
        .where_given("user_id = {}", user_id)
    )
    if text:
        query.where(
            "(strpos(plain_name(patient_name), plain_name({0})) > 0 or strpos(plain_name(service), plain_name({0})) > 0"
            " or requisition <> '' and strpos(replace(requisition, '-', ''), {1}) > 0)",
            text,
            "".join(each for each in text if each in digits) or "-",
        )
    return await query.page(db, page, order="created_at desc, id")


async def used_services(db: Connection, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often the user has asked for each of these."""
    rows = await db.fetch(
        "select service_id, count(*) as times from referrals"
        " where user_id = $1 and way = 'sent' and service_id = any($2) group by service_id",
        user_id,
        list(ids),
    )
    return {row["service_id"]: row["times"] for row in rows}


async def often_used(db: Connection, user_id: UUID) -> list[tuple[UUID, str]]:
    """What the user has asked for most: offered before anything is typed."""
    rows = await db.fetch(
        "select service_id, max(service) as service from referrals where user_id = $1 and way = 'sent'"
        " group by service_id order by count(*) desc, max(created_at) desc limit 5",
        user_id,
    )
    return [(row["service_id"], row["service"]) for row in rows]
