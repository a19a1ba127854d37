"""Rows of prescriptions."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Request
from ..model.requests import Status

_COLUMNS = tuple(field.name for field in fields(Request))
# Columns a list may be filtered by; each period filter has a first and a last day, both included.
PERIODS = ("created_at", "started_at", "ended_at", "dispense_valid_from", "dispense_valid_to")


async def add(db: Connection, request: Request) -> None:
    await insert_later(db, "medication_requests", **{name: getattr(request, name) for name in _COLUMNS})


async def find(db: Connection, person_id: UUID, request_id: UUID, *, lock: bool = False) -> Request:
    """A prescription of a person; `lock` holds others off until the end of the transaction. Raises NotFound."""
    row = await db.fetchrow(
        "select * from medication_requests where person_id = $1 and id = $2" + (" for update" if lock else ""),
        person_id,
        request_id,
    )
    if row is None:
        raise NotFound()
    return request(row)


def request(row: Row) -> Request:
    return as_model(Request, row)


async def find_many(db: Connection, keys: Collection[tuple[UUID, UUID]]) -> Mapping[UUID, Request]:
    """Prescriptions by (person, id), found together."""
    persons, ids = [person for person, _ in keys], [id for _, id in keys]
    rows = await db.fetch(
        "select r.* from medication_requests r join unnest($1::uuid[], $2::uuid[]) as wanted (person_id, id)"
        " using (person_id, id)",
        persons,
        ids,
    )
    return {row["id"]: request(row) for row in rows}


async def save(db: Connection, request: Request) -> None:
    """Store what may change after the signature."""
    await write_later(
        db,
        """
        update medication_requests set status = $3, wrong_codes = $4, locked_until = $5, rejected_at = $6,
            rejected_by = $7, reject_reason = $8, reject_reason_code = $9, is_blocked = $10, block_reason = $11,
            block_reason_code = $12, blocked_to = $13, blocked_by_legal_entity = $14, updated_at = $15,
            updated_by = $16
        where person_id = $1 and id = $2
        """,
        request.person_id,
        request.id,
        request.status,
        request.wrong_codes,
        request.locked_until,
        request.rejected_at,
        request.rejected_by,
        request.reject_reason,
        request.reject_reason_code,
        request.is_blocked,
        request.block_reason,
        request.block_reason_code,
        request.blocked_to,
        request.blocked_by_legal_entity,
        request.updated_at,
        request.updated_by,
    )


# Through the look-up: some patients have hundreds of prescriptions.
_BY_NUMBER = "id = (select id from prescription_numbers numbers where numbers.request_number = {})"


async def search(
    db: Connection,
    page: Page,
    *,
    person_id: UUID,
    today: date,
    status: Status | None,
    filters: Mapping[str, object],
    periods: Mapping[str, tuple[date | None, date | None]] | None = None,
) -> Paged:
    """Prescriptions of a person; `filters` are columns and values, None = any."""
    query = Query("select * from medication_requests").where("person_id = {}", person_id)
    if status is Status.ACTIVE:
        query.where("status = 'ACTIVE' and last_day >= {}", today)
    elif status is Status.EXPIRED:
        query.where("(status = 'EXPIRED' or status = 'ACTIVE' and last_day < {})", today)
    else:
        query.where_given("status = {}", status)
    for column, value in filters.items():
        query.where_given(_BY_NUMBER if column == "request_number" else f"{column} = {{}}", value)
    for column, (first, last) in (periods or {}).items():
        query.where_given(f"{column} >= {{}}", first).where_given(f"{column} <= {{}}", last)
    return await query.page(db, page, order="inserted_at, id")


async def has_same_drug(db: Connection, request: Request, programme_id: UUID) -> bool:
    """MR-19: another prescription of the same substance, dispensed by this programme, with an overlapping course."""
    return bool(
        await db.fetchval(
            """
        select exists (
            select from medication_requests other
            where other.person_id = $1 and other.id <> $2 and other.status = 'COMPLETED'
                and other.medical_program_id = $3 and other.started_at <= $5 and other.ended_at >= $4
                and other.medication_id in (
                    select twin.innm_dosage_id from innm_dosage_ingredients mine
                    join innm_dosage_ingredients twin on twin.innm_id = mine.innm_id and twin.is_primary
                    where mine.innm_dosage_id = $6 and mine.is_primary)
        )
        """,
            request.person_id,
            request.id,
            programme_id,
            request.started_at,
            request.ended_at,
            request.medication_id,
        )
    )


async def expire(db: Connection, now: datetime, today: date, limit: int) -> list[tuple[UUID, UUID]]:
    """End prescriptions whose last day is over; return (id, person) of each."""
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from medication_requests due
            where status = 'ACTIVE' and last_day < $2 and not exists (
                -- Held before midnight, signed after it: the pharmacist has ten minutes still.
                select from medication_dispenses held where held.person_id = due.person_id
                    and held.medication_request_id = due.id and held.status = 'NEW' and held.held_until > $1)
            order by last_day limit $3 for update skip locked
        )
        update medication_requests set status = 'EXPIRED', updated_at = $1
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        today,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]


async def lift_blocks(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Forget blocks whose end has come; return (id, person) of each prescription.

    The last change of one that is over stays when it was over: statistics count it on that day, and take it back there.
    """
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from medication_requests
            where is_blocked and blocked_to <= $1 order by blocked_to limit $2 for update skip locked
        )
        update medication_requests set is_blocked = false, block_reason = null, block_reason_code = null,
            blocked_to = null, blocked_by_legal_entity = null,
            updated_at = case status when 'ACTIVE' then $1 else updated_at end
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]
