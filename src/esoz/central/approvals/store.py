"""Rows of approvals."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from .model import UNANSWERED, Approval, ApprovalFilter, GrantedAccess

_COLUMNS = tuple(name for name in Approval.__struct_fields__ if name != "resources")


async def save_approval(db: Connection, approval: Approval) -> None:
    """Store an approval, new or changed."""
    values = {name: getattr(approval, name) for name in _COLUMNS}
    values |= {"resources": approval.resources, "resource_ids": approval.resource_ids}
    values["status"] = str(approval.status)
    names, places = ", ".join(values), ", ".join(f"${number}" for number in range(1, len(values) + 1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in values if name not in ("person_id", "id"))
    await db.execute(
        f"insert into approvals ({names}) values ({places}) on conflict (person_id, id) do update set {changes}",
        *values.values(),
    )


async def find_approval(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> Approval:
    """An approval of this patient; raise NotFound."""
    query = f"select * from approvals where person_id = $1 and id = $2{' for update' if lock else ''}"
    row = await db.fetchrow(query, person_id, id)
    if row is None:
        raise NotFound("Approval not found")
    return as_approval(row)


def as_approval(row: Row) -> Approval:
    """The approval of a row."""
    return as_model(Approval, row)


async def approvals(
    db: Connection,
    person_id: UUID,
    wanted: ApprovalFilter,
    page: Page,
    *,
    legal_entity_id: UUID | None,
    now: datetime,
) -> Paged:
    """A page of approvals of a patient, oldest first; of one clinic when it is given."""
    query = (
        Query("select * from approvals")
        .where("person_id = {}", person_id)
        .where_given("legal_entity_id = {}", legal_entity_id)
        .where_given("granted_to_id = {}", wanted.granted_to)
        .where_given("resource_ids @> array[{}::uuid]", wanted.granted_resources)
        .where_given("resource_types @> array[{}::text]", wanted.granted_resource_type)
        .where_given("reason = {}", wanted.reason)
        .where_given("access_level = {}", wanted.access_level)
        .where_given("(status = 'active') = {}", wanted.is_verified)
    )
    if wanted.is_expired is not None:
        query.where("(expires_at <= {}) = {}", now, wanted.is_expired)
    return await query.page(db, page, order="inserted_at, id")


async def own_approvals(db: Connection, person_id: UUID, page: Page) -> Paged:
    """A page of all approvals of a patient, the newest first."""
    query = Query("select * from approvals").where("person_id = {}", person_id)
    return await query.page(db, page, order="inserted_at desc, id desc")


async def granted_access(
    db: Connection, person_id: UUID, employee_ids: Collection[UUID], now: datetime
) -> GrantedAccess:
    """What the patient opened to these employees and has not closed (BG-4: ended ones open nothing)."""
    rows = await db.fetch(
        "select whole_patient, resource_ids, resource_types from approvals where person_id = $1"
        " and granted_to_id = any($2) and status = 'active' and expires_at > $3",
        person_id,
        list(employee_ids),
        now,
    )
    return GrantedAccess(
        any(row["whole_patient"] for row in rows),
        frozenset(id for row in rows for id in row["resource_ids"]),
        frozenset(kind for row in rows for kind in row["resource_types"]),
    )


async def delete_unanswered(db: Connection, now: datetime) -> int:
    """AP-4: approvals that nobody confirmed in twelve hours; return how many."""
    result: str = await db.execute("delete from approvals where status = 'new' and inserted_at < $1", now - UNANSWERED)
    return int(result.rsplit(" ", 1)[-1])
