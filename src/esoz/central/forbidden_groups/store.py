"""SQL of forbidden groups."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.db import Connection, Page, Paged, Query, as_model, execute_many
from esoz.kernel.errors import NotFound

from .model import Group, GroupFilter, Guarded, Member

_GROUP = tuple(Group.__dataclass_fields__)
_MEMBER = tuple(Member.__dataclass_fields__)
GONE = "absent from the register's file"


async def groups(db: Connection, filters: GroupFilter, page: Page) -> tuple[list[Group], Paged]:
    """A page of groups in use, by name."""
    query = Query(f"select {', '.join(_GROUP)}, name_key from forbidden_groups").where("is_active")
    query.where_given("strpos(plain_name(name), plain_name({})) > 0", filters.name)
    paged = await query.page(db, page, order="name_key, id")
    return [as_model(Group, {name: row[name] for name in _GROUP}) for row in paged.rows], paged


async def group(db: Connection, id: UUID) -> tuple[Group, list[Member]]:
    """A group in use with its members; raise NotFound."""
    row = await db.fetchrow(f"select {', '.join(_GROUP)} from forbidden_groups where id = $1 and is_active", id)
    if row is None:
        raise NotFound()
    members = await db.fetch(
        f"select {', '.join(_MEMBER)} from forbidden_group_members where group_id = $1 order by system, code, id", id
    )
    return as_model(Group, row), [as_model(Member, each) for each in members]


async def unknown(db: Connection, members: Iterable[Member]) -> set[UUID]:
    """Those whose service is not in the catalogue, or whose code is in no dictionary; a partial one may lack codes."""
    rows = await db.fetch(_UNKNOWN, [{name: getattr(each, name) for name in _MEMBER} for each in members])
    return {row["id"] for row in rows}


_UNKNOWN = """
select m.id from jsonb_populate_recordset(null::forbidden_group_members, $1) as m
where not exists (
    select from services s where s.id = m.service_id
    union all select from service_groups g where g.id = m.service_group_id
    union all select from dictionaries d where d.name = m.system and (d.is_partial or exists (
        select from dictionary_values v where v.dictionary_name = d.name and v.code = m.code)))
"""


async def save(db: Connection, groups: Sequence[Group], members: Sequence[Member]) -> ImportCounts:
    """Make the register hold these groups with these members."""
    kept = {
        row["id"]: as_model(Group, row) for row in await db.fetch(f"select {', '.join(_GROUP)} from forbidden_groups")
    }
    rows = await db.fetch(f"select {', '.join(_MEMBER)} from forbidden_group_members")
    before = {row["id"]: as_model(Member, row) for row in rows}
    after = {each.id: each for each in members}
    touched = {each.group_id for each in {**before, **after}.values() if before.get(each.id) != after.get(each.id)}
    changed = [each for each in groups if each.id in kept and (kept[each.id] != each or each.id in touched)]
    gone = [each.id for each in kept.values() if each.is_active and each.id not in {new.id for new in groups}]
    await execute_many(
        db,
        "insert into forbidden_groups (id, code, name, creation_reason) values ($1, $2, $3, $4) on conflict (id) do"
        " update set name = excluded.name, creation_reason = excluded.creation_reason, is_active = true,"
        " deactivation_reason = null",
        [(each.id, each.code, each.name, each.creation_reason) for each in groups],
    )
    await db.execute(
        "update forbidden_groups set is_active = false, deactivation_reason = $2 where id = any($1)", gone, GONE
    )
    # A group out of use keeps its members, so that what it hid can be told later.
    away = [id for id, each in before.items() if id not in after and each.group_id not in gone]
    await db.execute("delete from forbidden_group_members where id = any($1)", away)
    await execute_many(
        db,
        f"insert into forbidden_group_members ({', '.join(_MEMBER)}) values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (id) do update set creation_reason = excluded.creation_reason",
        [tuple(getattr(each, name) for name in _MEMBER) for each in members],
    )
    return ImportCounts(len({each.id for each in groups} - kept.keys()), len(changed), len(gone))


async def names(db: Connection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of groups in use among `ids`."""
    rows = await db.fetch("select id, name from forbidden_groups where id = any($1) and is_active", list(ids))
    return {row["id"]: row["name"] for row in rows}


async def guarded(db: Connection) -> list[Guarded]:
    """All that groups in use hide; of a service its id is the code. Groups of services stand with all below them."""
    rows = await db.fetch(_GUARDED)
    return [Guarded(row["group_id"], row["system"], row["code"]) for row in rows]


_GUARDED = """
with recursive in_use as (
    select m.* from forbidden_group_members m join forbidden_groups g on g.id = m.group_id where g.is_active
), below as (
    select group_id, service_group_id as id from in_use where service_group_id is not null
    union select below.group_id, g.id from service_groups g join below on g.parent_id = below.id
)
select group_id, system, code from in_use where code is not null
union select group_id, null, service_id::text from in_use where service_id is not null
union select below.group_id, null, s.service_id::text from below join service_group_members s on s.group_id = below.id
"""
