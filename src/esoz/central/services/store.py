"""SQL of the catalogue of services."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name
from esoz.kernel.work import Work

from .model import Group, Programme, Service

Found: TypeAlias = Mapping[object, Sequence[Row]]

# The columns of each table that a file says; a row that differs in one of them is changed.
_TABLES: Mapping[type[msgspec.Struct], str] = {
    Group: "service_groups",
    Service: "services",
    Programme: "program_services",
}


async def services(db: Connection, ids: Collection[UUID]) -> dict[UUID, Service]:
    """Which of `ids` are services."""
    rows = await db.fetch("select * from services where id = any($1)", list(ids))
    return {row["id"]: as_model(Service, row) for row in rows}


async def groups(db: Connection, ids: Collection[UUID]) -> dict[UUID, Group]:
    """Which of `ids` are groups of services."""
    rows = await db.fetch("select * from service_groups where id = any($1)", list(ids))
    return {row["id"]: as_model(Group, row) for row in rows}


async def offered(db: Connection, programme_ids: Collection[UUID], service_ids: Collection[UUID]) -> list[Programme]:
    """What these programmes pay for of these services, and may be asked for now."""
    rows = await db.fetch(
        "select p.* from program_services p join services s on s.id = p.service_id and s.is_active"
        " where p.medical_program_id = any($1) and p.service_id = any($2) and p.is_active and p.request_allowed",
        list(programme_ids),
        list(service_ids),
    )
    return [as_model(Programme, row) for row in rows]


async def roots(db: Connection, page: Page, *, code: str | None, name: str | None) -> Paged:
    """A page of groups that stand at the top and hold, at any depth, what has this beginning of a code and part of
    a name."""
    query = Query("select * from service_groups").where("parent_id is null")
    if code is not None or name is not None:
        query.where(f"id in ({_HOLDING})", code, None if name is None else plain_name(name))
    return await query.page(db, page, order="code, id")


# From what is found up to the groups at the top.
_HOLDING = """
with recursive found (group_id) as (
    select id from service_groups
    where starts_with(code, coalesce({0}::text, '')) and strpos(plain_name(name), coalesce({1}::text, '')) > 0
    union
    select m.group_id from service_group_members m join services s on s.id = m.service_id
    where starts_with(s.code, coalesce({0}::text, '')) and strpos(plain_name(s.name), coalesce({1}::text, '')) > 0
    union
    select g.parent_id from service_groups g join found on found.group_id = g.id where g.parent_id is not null
) select group_id from found
"""

_BELOW = """
with recursive below as (
    select * from service_groups where id = any($1)
    union all select g.* from service_groups g join below on g.parent_id = below.id
) select * from below order by code, id
"""


async def groups_below(db: Connection, ids: Collection[UUID]) -> Sequence[Row]:
    """These groups and all groups in them."""
    found: Sequence[Row] = await db.fetch(_BELOW, list(ids))
    return found


async def services_of(db: Connection, group_ids: Collection[UUID]) -> Found:
    """Services by the id of the group they are in."""
    rows = await db.fetch(
        "select m.group_id, s.* from service_group_members m join services s on s.id = m.service_id"
        " where m.group_id = any($1) order by s.code, s.id",
        list(group_ids),
    )
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(row["group_id"], []).append(row)
    return found


async def services_below(db: Connection, group_id: UUID) -> list[UUID]:
    """The services of a group and of all groups in it."""
    rows = await db.fetch(
        "with recursive below as (select id from service_groups where id = $1"
        " union select g.id from service_groups g join below on g.parent_id = below.id)"
        " select distinct m.service_id from service_group_members m join below on m.group_id = below.id",
        group_id,
    )
    return [row["service_id"] for row in rows]


async def program_services(db: Connection, page: Page, programme_id: UUID) -> Paged:
    """A page of the services of a programme."""
    query = Query(f"select * from ({_PROGRAM_SERVICES}) p").where("medical_program_id = {}", programme_id)
    return await query.page(db, page, order="inserted_at, id")


async def find_program_service(db: Connection, id: UUID) -> Row:
    """One service of a programme; raise NotFound."""
    row: Row | None = await db.fetchrow(f"{_PROGRAM_SERVICES} where p.id = $1", id)
    if row is None:
        raise NotFound("Program service not found")
    return row


_PROGRAM_SERVICES = """
select p.*, (select m.group_id from service_group_members m join service_groups g on g.id = m.group_id
    where m.service_id = p.service_id order by g.code limit 1) as service_group_id
from program_services p
"""


async def save(work: Work, shape: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> ImportCounts:
    """Make a table hold these rows: new ones are added, others changed, those missing go out of use."""
    table = _TABLES[shape]
    names = [name for name in shape.__struct_fields__ if name != "id"]
    listed, differs = ", ".join(names), " or ".join(f"old.{name} is distinct from new.{name}" for name in names)
    result = await work.db.fetchrow(
        f"""
        with new as (select * from jsonb_populate_recordset(null::{table}, $1)),
        changed as (
            update {table} old set ({listed}, updated_at, updated_by) = (
                select {listed}, $2::timestamptz, $3::uuid from new where new.id = old.id)
            where exists (select from new where new.id = old.id and ({differs})) returning id),
        added as (
            insert into {table} (id, {listed}, inserted_at, inserted_by, updated_at, updated_by)
            select id, {listed}, $2, $3, $2, $3 from new
            where not exists (select from {table} old where old.id = new.id) returning id),
        removed as (
            update {table} old set is_active = false, updated_at = $2, updated_by = $3
            where old.is_active and not exists (select from new where new.id = old.id) returning id)
        select (select count(*) from added) as added, (select count(*) from changed) as changed,
            (select count(*) from removed) as removed
        """,
        msgspec.to_builtins(list(rows)),
        work.now,
        work.actor.user_id,
    )
    return as_model(ImportCounts, result)


async def add_offers(work: Work, rows: Sequence[Programme]) -> int:
    """Add what programmes pay for; what is there stays as it is."""
    added = await work.db.fetch(
        "insert into program_services (id, medical_program_id, service_id, inserted_at, updated_at)"
        " select *, $4, $4 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) on conflict do nothing returning id",
        [each.id for each in rows],
        [each.medical_program_id for each in rows],
        [each.service_id for each in rows],
        work.now,
    )
    return len(added)


async def save_members(db: Connection, members: Sequence[tuple[UUID, UUID]]) -> None:
    """Make the groups hold these services and no others."""
    groups, services = [group for group, _ in members], [service for _, service in members]
    await db.execute(
        "delete from service_group_members"
        " where (group_id, service_id) not in (select * from unnest($1::uuid[], $2::uuid[]))",
        groups,
        services,
    )
    await db.execute(
        "insert into service_group_members (group_id, service_id) select * from unnest($1::uuid[], $2::uuid[])"
        " on conflict do nothing",
        groups,
        services,
    )
