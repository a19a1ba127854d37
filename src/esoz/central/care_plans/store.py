"""Rows of care plans, of their activities, and of what stands on these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from .model import Activity, CarePlan
from .model.activities import Status as ActivityStatus
from .model.filters import ActivityFilter, PlanFilter, PlanFilterV2
from .model.plans import Status

NOT_FOUND = "Care plan not found"
ACTIVITY_NOT_FOUND = "Care plan activity not found"
NEWEST_FIRST = "inserted_at desc, id"
_PLAN = tuple(field.name for field in fields(CarePlan))
_ACTIVITY = tuple(field.name for field in fields(Activity))
_PLAN_CHANGES = ("status", "history", "updated_at", "updated_by")
_ACTIVITY_CHANGES = ("status", "used", "status_reason", "outcome", "updated_at", "updated_by")
_DUMPED = ("history", "status_reason", "outcome")


def _value(row: CarePlan | Activity, name: str) -> Any:
    value = getattr(row, name)
    return msgspec.to_builtins(value) if name in _DUMPED and value is not None else value


async def add_plan(db: Connection, plan: CarePlan) -> None:
    """Reserve the number in the whole country, and store the row; when the number is taken the act begins anew."""
    number = {name: getattr(plan, name) for name in ("requisition", "id", "person_id")}
    await insert_later(db, "care_plan_numbers", **number)
    await insert_later(db, "care_plans", **{name: _value(plan, name) for name in _PLAN})


async def add_activity(db: Connection, activity: Activity) -> None:
    await insert_later(db, "care_plan_activities", **{name: _value(activity, name) for name in _ACTIVITY})


async def save_plan(db: Connection, plan: CarePlan) -> None:
    """Store what has changed."""
    await _save(db, "care_plans", plan, _PLAN_CHANGES)


async def save_activity(db: Connection, activity: Activity) -> None:
    """Store what has changed."""
    await _save(db, "care_plan_activities", activity, _ACTIVITY_CHANGES)


async def _save(db: Connection, table: str, row: CarePlan | Activity, names: Sequence[str]) -> None:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 3))
    values = [_value(row, name) for name in names]
    await write_later(
        db, f"update {table} set {changes} where person_id = $1 and id = $2", row.person_id, row.id, *values
    )


async def is_known(db: Connection, id: UUID) -> bool:
    """Whether some care plan of the country has this id."""
    return bool(await db.fetchval("select exists (select from care_plan_numbers where id = $1)", id))


async def person_of(db: Connection, id: UUID) -> UUID:
    """Whose care plan this is; raise NotFound."""
    person_id = await db.fetchval("select person_id from care_plan_numbers where id = $1", id)
    if person_id is None:
        raise NotFound(NOT_FOUND)
    return UUID(str(person_id))


async def find_plan(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> CarePlan:
    """A care plan of a patient; `lock` holds others off until the end of the transaction. Raises NotFound."""
    found = await plan_or_none(db, person_id, id, lock=lock)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


async def plan_or_none(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> CarePlan | None:
    """The same; None when the patient has no such plan."""
    sql = "select * from care_plans where person_id = $1 and id = $2" + (" for update" if lock else "")
    row = await db.fetchrow(sql, person_id, id)
    return plan_of(row) if row is not None else None


async def find_activity(db: Connection, person_id: UUID, plan_id: UUID, id: UUID, *, lock: bool = False) -> Activity:
    """An activity of a plan. Raises NotFound."""
    sql = "select * from care_plan_activities where person_id = $1 and id = $2 and care_plan_id = $3"
    row = await db.fetchrow(sql + (" for update" if lock else ""), person_id, id, plan_id)
    if row is None:
        raise NotFound(ACTIVITY_NOT_FOUND)
    return activity_of(row)


def plan_of(row: Row) -> CarePlan:
    return as_model(CarePlan, row)


def activity_of(row: Row) -> Activity:
    return as_model(Activity, row)


async def is_known_activity(db: Connection, person_id: UUID, id: UUID) -> bool:
    """Whether the patient has an activity of this id, in whichever plan."""
    sql = "select exists (select from care_plan_activities where person_id = $1 and id = $2)"
    return bool(await db.fetchval(sql, person_id, id))


async def statuses_of(db: Connection, person_id: UUID, plan_id: UUID) -> frozenset[ActivityStatus]:
    """The statuses of all activities of a plan."""
    sql = "select distinct status from care_plan_activities where person_id = $1 and care_plan_id = $2"
    return frozenset(ActivityStatus(row["status"]) for row in await db.fetch(sql, person_id, plan_id))


async def plans(db: Connection, person_id: UUID, wanted: PlanFilter, page: Page) -> Paged:
    """A page of a patient's plans, the newest first."""
    query = Query("select * from care_plans").where("person_id = {}", person_id)
    for clinic in wanted.clinics:
        query.where("legal_entity_id = {}", clinic)
    for name in ("encounter_id", "requisition", "based_on", "part_of", "status"):
        query.where_given(f"{name} = {{}}", getattr(wanted, name))
    if wanted.period_date is not None:
        begins = datetime.combine(wanted.period_date, time.min, tzinfo=KYIV)
        query.where("started_at < {}", begins + timedelta(days=1))
        query.where("(ended_at is null or ended_at >= {})", begins)
    if isinstance(wanted, PlanFilterV2):
        query.where_given("category = {}", wanted.category)
        query.where_given("{} = any(addresses)", wanted.addresses)
    return await query.page(db, page, order=NEWEST_FIRST)


async def by_number(db: Connection, requisition: str, status: Status | None, page: Page) -> Paged:
    """The plan with this number."""
    query = (
        Query("select p.* from care_plans p join care_plan_numbers n using (person_id, id)")
        .where("n.requisition = {}", requisition)
        .where_given("p.status = {}", status)
    )
    return await query.page(db, page, order=NEWEST_FIRST)


async def activities(db: Connection, person_id: UUID, plan_id: UUID, wanted: ActivityFilter, page: Page) -> Paged:
    """A page of what a plan plans, the newest first."""
    query = (
        Query("select * from care_plan_activities")
        .where("person_id = {}", person_id)
        .where("care_plan_id = {}", plan_id)
        .where_given("author_id = {}", wanted.author)
        .where_given("kind = {}", wanted.kind)
        .where_given("status = {}", wanted.status)
        .where_given("legal_entity_id = {}", wanted.managing_organization_id)
    )
    return await query.page(db, page, order=NEWEST_FIRST)


async def known_plans(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, CarePlan]:
    """The plans of this patient among `ids`."""
    rows = await db.fetch("select * from care_plans where person_id = $1 and id = any($2)", person_id, list(ids))
    return {row["id"]: plan_of(row) for row in rows}


async def known_activities(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Activity]:
    """The activities of this patient among `ids`."""
    sql = "select * from care_plan_activities where person_id = $1 and id = any($2)"
    return {row["id"]: activity_of(row) for row in await db.fetch(sql, person_id, list(ids))}


async def add_use(db: Connection, person_id: UUID, request_id: UUID, activity_id: UUID, quantity: Decimal) -> None:
    """A request stands on an activity now."""
    await insert_later(
        db,
        "care_plan_uses",
        person_id=person_id,
        request_id=request_id,
        activity_id=activity_id,
        quantity=quantity,
    )


async def uses(db: Connection, person_id: UUID, activity_id: UUID) -> int:
    """How many requests stand on an activity."""
    sql = "select count(*) from care_plan_uses where person_id = $1 and activity_id = $2"
    return int(await db.fetchval(sql, person_id, activity_id))


async def drop_use(db: Connection, person_id: UUID, request_id: UUID, spent: Decimal, now: datetime) -> None:
    """CP-12: a request was taken back: what it asked for is left again, where it stood on an activity at all."""
    await db.execute(
        """
        with was as materialized (
            select activity_id, quantity, least(quantity, $3) as kept from care_plan_uses
            where person_id = $1 and request_id = $2 for update
        ), gone as (
            delete from care_plan_uses where person_id = $1 and request_id = $2 and $3 = 0
        ), less as (
            update care_plan_uses set quantity = least(quantity, $3)
            where person_id = $1 and request_id = $2 and $3 > 0
        )
        update care_plan_activities a set used = a.used - least(a.used, was.quantity - was.kept), updated_at = $4
        from was where a.person_id = $1 and a.id = was.activity_id
        """,
        person_id,
        request_id,
        spent,
        now,
    )


async def terminate(db: Connection, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """CP-14: end plans whose period is over; return (id, person) of each."""
    line = {"status": Status.TERMINATED, "inserted_at": now.isoformat()}
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from care_plans
            where status in ('new', 'active') and ended_at < $1
            order by ended_at limit $2 for update skip locked
        )
        update care_plans set status = 'terminated', updated_at = $1,
            history = history || jsonb_build_array($3::jsonb || jsonb_build_object('inserted_by', inserted_by))
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        limit,
        line,
    )
    return [(row["id"], row["person_id"]) for row in rows]
