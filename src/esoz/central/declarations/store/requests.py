"""SQL of requests for declarations."""

from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound

from ..model import LIVE, DeclarationRequest, RequestFilter
from ..model.requests import OPEN, OwnRequestFilter, Status

_FIELDS = tuple(field.name for field in fields(DeclarationRequest))
_LIVE = sorted(str(status) for status in LIVE)
_REQUESTS = f"select {', '.join(_FIELDS)} from declaration_requests"
_CHANGED = ("status", "status_reason", "verification_id", "data_to_be_signed", "updated_at", "updated_by")


async def find(db: Connection, id: UUID) -> DeclarationRequest:
    """One request; raise NotFound."""
    row = await db.fetchrow(f"{_REQUESTS} where id = $1", id)
    if row is None:
        raise NotFound()
    return as_model(DeclarationRequest, row)


async def open_of(db: Connection, person_id: UUID, employee_id: UUID) -> list[DeclarationRequest]:
    """Open requests of a person to a doctor (DC-6)."""
    rows = await db.fetch(
        f"{_REQUESTS} where person_id = $1 and employee_id = $2 and status in ('NEW', 'APPROVED')",
        person_id,
        employee_id,
    )
    return [as_model(DeclarationRequest, row) for row in rows]


async def add(db: Connection, request: DeclarationRequest) -> None:
    """Write a new request and reserve the number of its declaration; when it is taken the act begins anew."""
    await insert_later(
        db,
        "declaration_numbers",
        declaration_number=request.declaration_number,
        declaration_id=request.declaration_id,
        person_id=request.person_id,
    )
    await insert_later(db, "declaration_requests", **{name: getattr(request, name) for name in _FIELDS})


async def save(db: Connection, request: DeclarationRequest) -> None:
    """Write what may change in a request."""
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGED, 3))
    values = [getattr(request, name) for name in _CHANGED]
    await write_later(
        db,
        f"update declaration_requests set {changes} where person_id = $1 and id = $2",
        request.person_id,
        request.id,
        *values,
    )


async def count_of_party(
    db: Connection, party_id: UUID, *, but: UUID, today: date, now: datetime, lock: bool = False
) -> int:
    """How many places a doctor has given away, in all offices: live declarations and approved requests (DC-17).

    Those of the person `but` are not counted. `lock` lets nobody else count until the end of the transaction.
    """
    if lock:
        await db.execute("select from parties where id = $1 for no key update", party_id)
    count: int = await db.fetchval(_COUNT, party_id, but, today, now, _LIVE)
    return count


_COUNT = """
select p.declaration_count
    - (select count(*) from declarations d join employees e on e.id = d.employee_id
        where e.party_id = p.id and d.status = 'active' and d.end_date < $3)
    - (select count(*) from declarations d join employees e on e.id = d.employee_id
        where d.person_id = $2 and d.status = any($5) and e.party_id = p.id
            and not (d.status = 'active' and d.end_date < $3))
    + (select count(*) from declaration_requests r
        where r.party_id = p.id and r.status = 'APPROVED' and r.expires_at > $4 and r.person_id <> $2)
from parties p where p.id = $1
"""


async def requests(db: Connection, filters: RequestFilter, page: Page, now: datetime) -> Paged:
    """A page of requests as they are at a moment, the oldest first."""
    shown = [name for name in _FIELDS if name not in ("status", "data_to_be_signed", "phone")]
    query = Query(
        f"select {', '.join(shown)}, case when status in ('NEW', 'APPROVED') and expires_at <= $1 then 'EXPIRED'"
        " else status end as status from declaration_requests",
        values=[now],
    )
    query.where_given("legal_entity_id = {}", filters.legal_entity_id)
    query.where_given("employee_id = {}", filters.employee_id)
    query.where_given("channel = {}", filters.channel)
    _narrow(query, filters.status, now)
    return await query.page(db, page, order="inserted_at, id")


_OWN = """
select r.id, r.declaration_number, r.start_date, r.end_date, r.channel, r.status_reason, r.person_id, r.inserted_at,
    case when r.status in ('NEW', 'APPROVED') and r.expires_at <= $1 then 'EXPIRED' else r.status end as status,
    r.employee_id, e.position, w.id as party_id, w.first_name, w.last_name, w.second_name,
    r.legal_entity_id, l.name as legal_entity_name, l.edr ->> 'short_name' as legal_entity_short_name,
    l.edr ->> 'legal_form' as legal_form, l.edrpou,
    r.division_id, v.name as division_name, v.type as division_type, v.status as division_status
from declaration_requests r join employees e on e.id = r.employee_id join parties w on w.id = e.party_id
    join legal_entities l on l.id = r.legal_entity_id join divisions v on v.id = r.division_id
"""


async def own_requests(db: Connection, filters: OwnRequestFilter, page: Page, now: datetime) -> Paged:
    """A page of a patient's requests with the names of doctor and clinic, the oldest first."""
    query = Query(_OWN, values=[now]).where("r.person_id = {}", filters.person_id)
    query.where_given("r.channel = {}", filters.channel)
    query.where_given("r.start_date >= {}", filters.start_date_from)
    query.where_given("r.start_date <= {}", filters.start_date_to)
    query.where_given("r.end_date >= {}", filters.end_date_from).where_given("r.end_date <= {}", filters.end_date_to)
    _narrow(query, filters.status, now, "r.")
    return await query.page(db, page, order="inserted_at, id")


def _narrow(query: Query, status: Status | None, now: datetime, table: str = "") -> None:
    """By the status at a moment, whether or not the periodic task has been here."""
    if status in OPEN:
        query.where(f"{table}status = {{}}", str(status)).where(f"{table}expires_at > {{}}", now)
    elif status is Status.EXPIRED:
        is_over = f"{table}status in ('NEW', 'APPROVED') and {table}expires_at <= {{}}"
        query.where(f"({table}status = 'EXPIRED' or {is_over})", now)
    elif status is not None:
        query.where(f"{table}status = {{}}", str(status))


async def expired(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Some of the open requests whose time is over: (id, person)."""
    rows = await db.fetch(
        "select id, person_id from declaration_requests where status in ('NEW', 'APPROVED') and expires_at <= $1"
        " order by expires_at limit $2",
        now,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]


async def forget_data(db: Connection, before: datetime, limit: int) -> int:
    """Empty requests whose time was over `before`, some at a time (DC-26); return how many."""
    result: str = await db.execute(
        "update declaration_requests set data_to_be_signed = null, phone = null where id in (select id from"
        " declaration_requests where (data_to_be_signed is not null or phone is not null) and expires_at < $1"
        " order by expires_at limit $2)",
        before,
        limit,
    )
    return int(result.rsplit(" ", 1)[-1])
