"""SQL of the contact centre: its cases, and what is shown of a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound

from .model import (
    Case,
    Complaint,
    ComplaintStatus,
    DeclarationLine,
    Reason,
    RefusalLine,
    RequestLine,
    read_faults,
)

_CASE = ("id", "operator_id", "reason", "note", "person_ids", "inserted_at", "expires_at")


async def add_case(db: Connection, case: Case) -> None:
    values = {name: getattr(case, name) for name in _CASE}
    await insert(db, "contact_centre_cases", **values | {"reason": str(case.reason), "person_ids": [*case.person_ids]})


async def find_case(db: Connection, id: UUID, operator_id: UUID) -> Case:
    """A case of this operator; raise NotFound."""
    row = await db.fetchrow(
        f"select {', '.join(_CASE)} from contact_centre_cases where id = $1 and operator_id = $2", id, operator_id
    )
    if row is None:
        raise NotFound()
    return Case(**{**row, "reason": Reason(row["reason"])})


async def open_cases(db: Connection, operator_id: UUID, now: datetime, limit: int) -> list[Case]:
    """Cases of an operator that are open still, the latest first."""
    rows = await db.fetch(
        f"select {', '.join(_CASE)} from contact_centre_cases where operator_id = $1 and expires_at > $2"
        " order by expires_at desc limit $3",
        operator_id,
        now,
        limit,
    )
    return [Case(**{**row, "reason": Reason(row["reason"])}) for row in rows]


async def forget_cases(db: Connection, before: datetime, limit: int) -> int:
    """Delete some of the cases from before a moment; return how many."""
    done: str = await db.execute(
        "delete from contact_centre_cases where id in"
        " (select id from contact_centre_cases where inserted_at < $1 order by inserted_at limit $2)",
        before,
        limit,
    )
    return int(done.rsplit(" ", 1)[-1])


_DECLARATIONS = """
select d.id, d.declaration_number, case when d.status = 'active' and d.end_date < $3 then 'closed' else d.status end
    as status, d.reason, d.start_date, d.end_date,
    concat_ws(' ', w.last_name, w.first_name, w.second_name) as doctor, l.name as legal_entity_name
from declarations d join employees e on e.id = d.employee_id join parties w on w.id = e.party_id
    join legal_entities l on l.id = d.legal_entity_id
where d.person_id = $1 order by d.inserted_at desc, d.id limit $2
"""


async def declarations_of(db: Connection, person_id: UUID, today: object, limit: int) -> list[DeclarationLine]:
    """The latest declarations of a person as they are that day, the latest first."""
    return [as_model(DeclarationLine, row) for row in await db.fetch(_DECLARATIONS, person_id, limit, today)]


# Requests whose term is over count as ended, whether or not the periodic task has been there.
_STATE = "case when r.status in ('NEW', 'APPROVED') and r.expires_at <= $3 then 'EXPIRED' else r.status end as status"
_REQUESTS = f"""
select r.*, l.name as legal_entity_name from (
    (select 'declaration' as kind, r.id, {_STATE}, r.status_reason as detail, r.channel, r.legal_entity_id,
        r.inserted_at, r.updated_at
        from declaration_requests r where r.person_id = $1 order by r.inserted_at desc limit $2)
    union all
    (select 'person' as kind, r.id, {_STATE}, case when r.is_new then 'NEW' else 'UPDATE' end, r.channel,
        r.legal_entity_id, r.inserted_at, r.updated_at
        from person_requests r where r.person_id = $1 order by r.inserted_at desc limit $2)
    union all
    (select 'method' as kind, r.id, {_STATE}, r.action, r.channel, r.legal_entity_id, r.inserted_at, r.updated_at
        from authentication_method_requests r where r.person_id = $1 order by r.inserted_at desc limit $2)
    union all
    (select 'confidant' as kind, r.id, {_STATE}, r.action, r.channel, r.legal_entity_id, r.inserted_at, r.updated_at
        from relationship_requests r where r.person_id = $1 order by r.inserted_at desc limit $2)
) r left join legal_entities l on l.id = r.legal_entity_id
order by r.inserted_at desc, r.id limit $2
"""


async def requests_of(db: Connection, person_id: UUID, now: datetime, limit: int) -> list[RequestLine]:
    """The latest requests of a person of every kind, the latest first."""
    rows = await db.fetch(_REQUESTS, person_id, limit, now)
    return [as_model(RequestLine, {name: row[name] for name in RequestLine.__dataclass_fields__}) for row in rows]


_REFUSALS = """
select a.id, a.at, a.operation, a.outcome, a.request_id, a.facts,
    a.person_id is not distinct from a.patient_id as is_own,
    case when p.id is not null then concat_ws(' ', p.last_name, p.first_name, p.second_name) end as user_name,
    w.position, coalesce(l.name, c.name) as legal_entity_name, b.name as system
from (
    select * from audit_events
    where patient_id = $1 and (at, id) < ($2, $4) and outcome <> 'done' order by at desc, id desc limit $3
) a
    left join legal_entities l on l.id = a.client_id left join clients c on c.id = a.client_id
    left join brokers b on b.id = a.mis_id
    left join party_users u on u.user_id = a.user_id left join parties p on p.id = u.party_id
    left join lateral (
        select position from employees
        where party_id = u.party_id and legal_entity_id = a.client_id order by is_active desc, inserted_at desc limit 1
    ) w on true
order by a.at desc, a.id desc
"""


async def refusals_of(
    db: Connection, person_id: UUID, before: tuple[datetime, UUID], limit: int
) -> Sequence[RefusalLine]:
    """What was refused about a person before a line of the log, the latest first."""
    found = []
    for row in await db.fetch(_REFUSALS, person_id, before[0], limit, before[1]):
        values = dict(row)
        status, message, faults = read_faults(values.pop("facts") or {})
        found.append(RefusalLine(**values, status=status, message=message, faults=faults))
    return found


_COMPLAINT = tuple(Complaint.__dataclass_fields__)
_COMPLAINTS = f"select {', '.join(_COMPLAINT)} from access_complaints"


async def add_complaint(db: Connection, complaint: Complaint) -> None:
    values = {name: getattr(complaint, name) for name in _COMPLAINT}
    await insert(db, "access_complaints", **values | {"status": str(complaint.status)})


async def save_answer(db: Connection, complaint: Complaint) -> None:
    await db.execute(
        "update access_complaints set status = $2, answer = $3, answered_at = $4, answered_by = $5 where id = $1",
        complaint.id,
        str(complaint.status),
        complaint.answer,
        complaint.answered_at,
        complaint.answered_by,
    )


async def find_complaint(db: Connection, id: UUID, *, lock: bool = False) -> Complaint:
    """One complaint, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{_COMPLAINTS} where id = $1{' for update' if lock else ''}", id)
    if row is None:
        raise NotFound()
    return _complaint(row)


def _complaint(row: Row) -> Complaint:
    return as_model(Complaint, row)


async def open_complaints(db: Connection, person_id: UUID) -> list[Complaint]:
    """Complaints of a person that nobody answered yet."""
    rows = await db.fetch(f"{_COMPLAINTS} where person_id = $1 and status = 'NEW' order by inserted_at, id", person_id)
    return [_complaint(row) for row in rows]


async def complaints(
    db: Connection, page: Page, *, person_id: UUID | None = None, status: ComplaintStatus | None = None
) -> tuple[list[Complaint], Paged]:
    """A page of complaints: of a person the latest first, of all the one that has waited longest first."""
    query = Query(_COMPLAINTS).where_given("person_id = {}", person_id)
    query.where_given("status = {}", status and str(status))
    paged = await query.page(db, page, order="inserted_at desc, id desc" if person_id else "inserted_at, id")
    return [_complaint(row) for row in paged.rows], paged
