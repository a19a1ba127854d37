"""Rows of requests and the look-up table of their numbers."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Request

_COLUMNS = tuple(field.name for field in fields(Request))
NOT_FOUND = "Device request not found"

# How each published parameter narrows a list. `_to` dates come as the first moment after the day.
FILTERS: Mapping[str, str] = {
    "status": "status = {}",
    "code": "code = {}",
    "code_reference": "definition_id = {}",
    "requester_legal_entity": "legal_entity_id = {}",
    "requester": "requester_id = {}",
    "encounter": "encounter_id = {}",
    "program": "program_id = {}",
    "context_episode_id": "episode_id = {}",
    "context_care_plan_id": "care_plan_id = {}",
    "based_on": "based_on @> array[{}::uuid]",
    "priority": "priority = {}",
    "performer": "performer_id = {}",
    "authored_on_from": "authored_on >= {}",
    "authored_on_to": "authored_on < {}",
    "occurrence_period_start_from": "started_at >= {}",
    "occurrence_period_start_to": "started_at < {}",
    "occurrence_period_end_from": "ended_at >= {}",
    "occurrence_period_end_to": "ended_at < {}",
}


async def add(db: Connection, request: Request) -> None:
    """Store a new request and its number; when the number is taken the act begins anew (DVR-9)."""
    number = {"requisition": request.requisition, "id": request.id, "person_id": request.person_id}
    await insert_later(db, "device_request_numbers", **number)
    await insert_later(db, "device_requests", **{name: _stored(request, name) for name in _COLUMNS})


def _stored(request: Request, name: str) -> object:
    value = getattr(request, name)
    return list(value) if isinstance(value, tuple) else value


async def exists(db: Connection, request_id: UUID) -> bool:
    """Whether there is a request of this id, of anybody."""
    return bool(await db.fetchval("select exists (select from device_request_numbers where id = $1)", request_id))


async def person_of(db: Connection, request_id: UUID) -> UUID:
    """Whose request this is; raise NotFound."""
    found = await db.fetchval("select person_id from device_request_numbers where id = $1", request_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return UUID(str(found))


async def find(db: Connection, person_id: UUID, request_id: UUID, *, lock: bool = False) -> Request:
    """A request of a person; `lock` holds others off until the end of the transaction. Raises NotFound."""
    row = await db.fetchrow(
        "select * from device_requests where person_id = $1 and id = $2" + (" for update" if lock else ""),
        person_id,
        request_id,
    )
    if row is None:
        raise NotFound(NOT_FOUND)
    return request(row)


async def by_number(db: Connection, requisition: str) -> Request | None:
    """The request of a number, None when there is none."""
    row = await db.fetchrow(
        "select r.* from device_request_numbers n join device_requests r using (person_id, id)"
        " where n.requisition = $1",
        requisition,
    )
    return None if row is None else request(row)


def request(row: Row) -> Request:
    return as_model(Request, row)


async def search(db: Connection, page: Page, person_id: UUID, filters: Mapping[str, object]) -> Paged:
    """Requests of a person, the newest first."""
    query = Query("select * from device_requests").where("person_id = {}", person_id)
    for name, value in filters.items():
        query.where_given(FILTERS[name], value)
    return await query.page(db, page, order="inserted_at desc, id")


async def has_overlapping(db: Connection, wanted: Mapping[str, object], programme_id: UUID, today: date) -> bool:
    """DVR-7: an active request of the same programme and the same device whose period overlaps, and whose days last."""
    query = (
        Query("select 1 from device_requests")
        .where("person_id = {}", wanted["person_id"])
        .where("program_id = {}", programme_id)
        .where("status = 'active' and last_day >= {}", today)
        .where("started_at <= {} and ended_at >= {}", wanted["ended_at"], wanted["started_at"])
        .where_given("definition_id = {}", wanted["definition_id"])
        .where_given("code = {}", wanted["code"])
    )
    return bool(await query.rows(db))


async def save(db: Connection, request: Request) -> None:
    """Store what may change after the signature."""
    await write_later(
        db,
        "update device_requests set status = $3, status_reason = $4, wrong_codes = $5, locked_until = $6,"
        " updated_at = $7, updated_by = $8 where person_id = $1 and id = $2",
        request.person_id,
        request.id,
        request.status,
        request.status_reason,
        request.wrong_codes,
        request.locked_until,
        request.updated_at,
        request.updated_by,
    )


async def numbers(db: Connection, person_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The number of each request of this patient among `ids`."""
    rows = await db.fetch(
        "select id, requisition from device_requests where person_id = $1 and id = any($2)", person_id, list(ids)
    )
    return {row["id"]: row["requisition"] for row in rows}
