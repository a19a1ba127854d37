"""SQL of invitations to work."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from ..model import TERM, EmployeeRequest, EmployeeRequestFilter

_FIELDS = tuple(EmployeeRequest.__dataclass_fields__)
_COLUMNS = ", ".join("r.email::text" if field == "email" else f"r.{field}" for field in _FIELDS)
_LIST = (
    f"select {_COLUMNS}, l.edrpou, l.name as legal_entity_name"
    " from employee_requests r join legal_entities l on l.id = r.legal_entity_id"
)


async def add_request(db: Connection, request: EmployeeRequest, by: UUID | None) -> None:
    """Write a new invitation."""
    columns = {field: getattr(request, field) for field in _FIELDS}
    await insert(
        db, "employee_requests", **columns | {"status": request.status.value, "inserted_by": by, "updated_by": by}
    )


async def find_request(db: Connection, id: UUID, *, lock: bool = False) -> EmployeeRequest:
    """One invitation; raise NotFound."""
    row = await db.fetchrow(
        f"select {_COLUMNS} from employee_requests r where r.id = $1" + (" for update" if lock else ""), id
    )
    if row is None:
        raise NotFound()
    return as_model(EmployeeRequest, row)


async def save_answer(db: Connection, request: EmployeeRequest, by: UUID | None) -> None:
    """Write how an invitation was answered."""
    await db.execute(
        "update employee_requests set status = $2, employee_id = $3, updated_at = $4, updated_by = $5 where id = $1",
        request.id,
        request.status.value,
        request.employee_id,
        request.updated_at,
        by,
    )


async def requests(
    db: Connection, legal_entity_id: UUID | None, filters: EmployeeRequestFilter, now: datetime, page: Page
) -> Paged:
    """Invitations with code and name of the legal entity, the oldest first; overdue ones count as expired."""
    query = Query(f"select * from ({_LIST}) shown").where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("id = {}", filters.id).where_given("edrpou = {}", filters.edrpou)
    query.where_given("strpos(plain_name(legal_entity_name), plain_name({})) > 0", filters.legal_entity_name)
    query.where_given("no_tax_id = {}", filters.no_tax_id)
    if filters.status is not None:
        query.where(
            "{} = case when status = 'NEW' and inserted_at <= {} then 'EXPIRED' else status end",
            filters.status,
            now - TERM,
        )
    return await query.page(db, page, order="inserted_at, id")


async def expire_requests(db: Connection, now: datetime) -> list[UUID]:
    """End invitations that nobody answered in time; return their ids."""
    rows = await db.fetch(
        "update employee_requests set status = 'EXPIRED', updated_at = $1, updated_by = null"
        " where status = 'NEW' and inserted_at <= $2 returning id",
        now,
        now - TERM,
    )
    return [row["id"] for row in rows]
