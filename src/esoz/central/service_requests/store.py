"""Rows of referrals."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from .model import ServiceRequest
from .model.filters import RequestFilter
from .model.requests import Status, expiry

NOT_FOUND = "Service request not found"
NEWEST_FIRST = "inserted_at desc, id"
_COLUMNS = tuple(field.name for field in fields(ServiceRequest))
# What changes after the signature.
_CHANGING = (
    "status",
    "status_reason",
    "explanatory_letter",
    "program_id",
    "program_processing_status",
    "program_service",
    "used_by_employee_id",
    "used_by_legal_entity_id",
    "used_by_division_id",
    "completed_with",
    "history",
    "updated_at",
    "updated_by",
)
_DUMPED = ("history", "status_reason")


async def add(db: Connection, request: ServiceRequest) -> None:
    """Reserve the number in the whole country, and store the row; when the number is taken the act begins anew."""
    number = {name: getattr(request, name) for name in ("requisition", "id", "person_id")}
    await insert_later(db, "service_request_numbers", **number)
    await insert_later(db, "service_requests", **{name: _value(request, name) for name in _COLUMNS})


def _value(request: ServiceRequest, name: str) -> Any:
    value = getattr(request, name)
    return msgspec.to_builtins(value) if name in _DUMPED and value is not None else value


async def save(db: Connection, request: ServiceRequest) -> None:
    """Store what has changed."""
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(_CHANGING, 3))
    values = [_value(request, name) for name in _CHANGING]
    sql = f"update service_requests set {changes} where person_id = $1 and id = $2"
    await write_later(db, sql, request.person_id, request.id, *values)


async def is_known(db: Connection, id: UUID) -> bool:
    """Whether some referral of the country has this id."""
    return bool(await db.fetchval("select exists (select from service_request_numbers where id = $1)", id))


async def person_of(db: Connection, id: UUID) -> UUID:
    """Whose referral this is; raise NotFound."""
    person_id = await db.fetchval("select person_id from service_request_numbers where id = $1", id)
    if person_id is None:
        raise NotFound(NOT_FOUND)
    return UUID(str(person_id))


async def find(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> ServiceRequest:
    """A referral of a patient; `lock` holds others off until the end of the transaction. Raises NotFound."""
    found = await find_or_none(db, person_id, id, lock=lock)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


async def find_or_none(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> ServiceRequest | None:
    """The same; None when the patient has no such referral."""
    row = await db.fetchrow(
        "select * from service_requests where person_id = $1 and id = $2" + (" for update" if lock else ""),
        person_id,
        id,
    )
    return request_of(row) if row is not None else None


def request_of(row: Row) -> ServiceRequest:
    return as_model(ServiceRequest, row)


async def search(db: Connection, person_id: UUID, wanted: RequestFilter, page: Page) -> Paged:
    """A page of a patient's referrals, the newest first."""
    query = (
        Query("select * from service_requests")
        .where("person_id = {}", person_id)
        .where_given("status = {}", wanted.status)
        .where_given("requester_legal_entity_id = {}", wanted.requester_legal_entity)
        .where_given("used_by_legal_entity_id = {}", wanted.used_by_legal_entity)
        .where_given("episode_id = {}", wanted.episode_id)
        .where_given("code_id = {}", wanted.code)
        .where_given("care_plan_id = {}", wanted.care_plan_id)
    )
    return await query.page(db, page, order=NEWEST_FIRST)


async def by_number(db: Connection, requisition: str, status: Status, page: Page) -> Paged:
    """The referral with this number, when it has this status."""
    query = (
        Query("select r.* from service_requests r join service_request_numbers n using (person_id, id)")
        .where("n.requisition = {}", requisition)
        .where("r.status = {}", status)
    )
    return await query.page(db, page, order=NEWEST_FIRST)


async def known(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, ServiceRequest]:
    """The referrals of this patient among `ids`."""
    rows = await db.fetch("select * from service_requests where person_id = $1 and id = any($2)", person_id, list(ids))
    return {row["id"]: request_of(row) for row in rows}


async def expire(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """SR-12: end referrals that nobody has taken in their term; return (id, person) of each."""
    reason = msgspec.to_builtins(expiry())
    line = {"status": Status.RECALLED, "status_reason": reason}
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from service_requests
            where status = 'active' and used_by_legal_entity_id is null and expires_at < $1
            order by expires_at limit $2 for update skip locked
        )
        update service_requests set status = 'recalled', status_reason = $3, updated_at = $1, updated_by = null,
            program_processing_status = case when program_id is null then null else 'cancelled' end,
            history = jsonb_set(history, '{status}', coalesce(history -> 'status', '[]'::jsonb)
                || jsonb_build_array($4::jsonb || jsonb_build_object('inserted_at', to_jsonb($1::timestamptz))))
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        limit,
        reason,
        line,
    )
    return [(row["id"], row["person_id"]) for row in rows]
