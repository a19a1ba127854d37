"""SQL of approvals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Kind
from ..model.approval import EPISODE, UNANSWERED, Approval
from .filters import EPISODE_FILTERS, NEWEST_FIRST, narrowed, of_kind

_COLUMNS = tuple(name for name in Approval.__struct_fields__ if name != "resources")
FILTERS: Mapping[str, str] = {
    "granted_to": "granted_to_id = {}",
    "granted_resources": "resource_ids @> array[{}::uuid]",
    "granted_resource_type": "resource_types @> array[{}::text]",
    "access_level": "access_level = {}",
    "legal_entity_id": "legal_entity_id = {}",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What active approvals open to a reader: everything, these episodes and reports, these kinds."""

    whole: bool
    ids: frozenset[UUID]
    kinds: frozenset[str]


NOTHING = Opened(False, frozenset(), frozenset())


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
    db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page, *, now: datetime
) -> Paged:
    """A page of approvals of a patient, oldest first."""
    query = Query("select * from approvals").where("person_id = {}", person_id)
    for name, value in filters.items():
        if name == "is_verified":
            query.where_given("(status = 'active') = {}", value)
        elif name == "is_expired" and value is not None:
            query.where("(expires_at <= {}) = {}", now, value)
        elif name in FILTERS:
            query.where_given(FILTERS[name], value)
    return await query.page(db, page, order="inserted_at, id")


async def opened(db: Connection, person_id: UUID, employee_ids: Collection[UUID], now: datetime) -> Opened:
    """What the patient opened to these employees and has not closed (BG-4: ended ones open nothing)."""
    rows = await db.fetch(
        "select whole_patient, resource_ids, resource_types from approvals where person_id = $1"
        " and granted_to_id = any($2) and status = 'active' and expires_at > $3",
        person_id,
        list(employee_ids),
        now,
    )
    return Opened(
        any(row["whole_patient"] for row in rows),
        frozenset(id for row in rows for id in row["resource_ids"]),
        frozenset(kind for row in rows for kind in row["resource_types"]),
    )


async def approved_episodes(
    db: Connection, person_id: UUID, filters: Mapping[str, object], page: Page, opened: Opened
) -> Paged:
    """A page of the episodes that are opened."""
    query = narrowed("episodes", person_id, EPISODE_FILTERS, filters)
    if not opened.whole and EPISODE not in opened.kinds:
        query.where("id = any({})", list(opened.ids))
    return await query.page(db, page, order=NEWEST_FIRST)


async def approved_records(
    db: Connection, kind: Kind, person_id: UUID, filters: Mapping[str, object], page: Page, *, opened: Opened
) -> Paged:
    """A page of the records of a kind that are opened: by themselves or with their episode."""
    query = of_kind(kind, person_id, filters)
    if not opened.whole and kind.one not in opened.kinds:
        query.where("(id = any({}) or episode_id = any({}))", list(opened.ids), list(opened.ids))
    return await query.page(db, page, order=NEWEST_FIRST)


async def delete_unanswered(db: Connection, now: datetime) -> int:
    """AP-4: approvals that nobody confirmed in twelve hours; return how many."""
    result: str = await db.execute("delete from approvals where status = 'new' and inserted_at < $1", now - UNANSWERED)
    return int(result.rsplit(" ", 1)[-1])
