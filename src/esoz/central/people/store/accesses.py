"""SQL of who touched a patient's record."""

from datetime import datetime, timedelta
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model

from ..model import Access, AccessLogFilter, Event

INSTANT = timedelta(microseconds=1)
_ACCESS = """
select a.at, a.id, a.event, a.operation, a.resource_id, a.outcome, a.client_id as legal_entity_id,
    coalesce(e.name, c.name) as legal_entity_name,
    case when p.id is not null then concat_ws(' ', p.last_name, p.first_name, p.second_name) end as user_name,
    w.position, a.person_id is not distinct from a.patient_id and s.id is null as is_own,
    case when s.id is not null then concat_ws(' ', s.last_name, s.first_name, s.second_name) end as confidant_name,
    a.facts ->> 'role' as role, a.facts ->> 'reason' as reason,
    a.user_id
from audit_events a
    left join legal_entities e on e.id = a.client_id
    left join clients c on c.id = a.client_id
    left join persons s on s.id = coalesce(
        (a.facts ->> 'applicant')::uuid,
        case when a.event = 'person.confidants_read' then nullif(a.person_id, a.patient_id) end)
    left join party_users u on u.user_id = a.user_id
    left join parties p on p.id = u.party_id
    left join lateral (
        select position from employees
        where party_id = u.party_id and legal_entity_id = a.client_id
        order by is_active desc, inserted_at desc limit 1
    ) w on true
"""


async def accesses(
    db: Connection, patient_id: UUID, filters: AccessLogFilter, page: Page
) -> tuple[list[Access], Paged]:
    """Who touched the patient's record, the latest first, refused attempts too; looking at this list is not told."""
    query = Query(_ACCESS)
    if merged := await _merged(db, patient_id):
        query.where("a.patient_id = any({}::uuid[])", [patient_id, *merged])
    else:
        query.where("a.patient_id = {}", patient_id)
    query.where("a.event <> {}", Event.OWN_ACCESS_LOG_READ.value)
    query.where_given("a.at >= {}", filters.start).where_given("a.at < {}", filters.end)
    query.where_given("a.event = {}", filters.event)
    paged = await query.page(db, page, order="at desc, id desc")
    return [as_model(Access, {field: row[field] for field in Access.__dataclass_fields__}) for row in paged.rows], paged


async def access_at(db: Connection, patient_id: UUID, at: datetime, event: str) -> Access | None:
    """The line of a patient's log of a moment and an event, or None."""
    found, _ = await accesses(db, patient_id, AccessLogFilter(start=at, end=at + INSTANT, event=event), Page(1, 1))
    return found[0] if found else None


async def _merged(db: Connection, person_id: UUID) -> list[UUID]:
    """Who they were before they were identified."""
    rows = await db.fetch("select merge_person_id from merged_persons where person_id = $1", person_id)
    return [row["merge_person_id"] for row in rows]
