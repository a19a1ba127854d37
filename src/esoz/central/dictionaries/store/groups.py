"""SQL of groups of diagnoses."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, execute_many
from esoz.kernel.errors import NotFound

from ..model import ImportCounts

_HAS = (
    "exists (select from diagnoses_group_codes c left join dictionary_values v"
    " on v.dictionary_name = c.system and v.code = c.code where c.group_id = g.id and {})"
)
FILTERS: Mapping[str, str] = {
    "diagnoses_group_name": "strpos(plain_name(name), plain_name({})) > 0",
    "diagnoses_group_code": "code = {}",
    "diagnosis_code": _HAS.format("c.code = {}"),
    "diagnosis_name": _HAS.format("strpos(plain_name(v.description), plain_name({})) > 0"),
}


async def groups(db: Connection, filters: Mapping[str, object], page: Page) -> Paged:
    """A page of groups in use."""
    query = Query("select id, name, code, description from diagnoses_groups g").where("is_active")
    for name, value in filters.items():
        query.where_given(FILTERS[name], value)
    return await query.page(db, page, order="code, id")


async def group(db: Connection, id: UUID) -> Row:
    """A group in use; raise NotFound."""
    query = "select id, name, code, description from diagnoses_groups where id = $1 and is_active"
    row: Row | None = await db.fetchrow(query, id)
    if row is None:
        raise NotFound("Diagnoses group not found")
    return row


async def codes_of(db: Connection, group_id: UUID) -> Sequence[Row]:
    """The diagnoses of a group: id, system, code."""
    query = "select id, system, code from diagnoses_group_codes where group_id = $1 order by system, code"
    found: Sequence[Row] = await db.fetch(query, group_id)
    return found


async def save(
    db: Connection, rows: Sequence[tuple[UUID, str, str, str]], codes: Sequence[tuple[UUID, UUID, str, str]]
) -> ImportCounts:
    """Make the register hold these groups (id, code, name, description) with these codes (id, group, system, code)."""
    kept = {row["id"]: row for row in await db.fetch("select * from diagnoses_groups")}
    members = {row["id"] for row in await db.fetch("select id from diagnoses_group_codes")}
    new = {id for id, *_ in rows}
    changed = {
        id
        for id, code, name, description in rows
        if id in kept
        and (code, name, description or None, True)
        != (kept[id]["code"], kept[id]["name"], kept[id]["description"], kept[id]["is_active"])
    } | {group for id, group, *_ in codes if id not in members and group in kept}
    await execute_many(
        db,
        "insert into diagnoses_groups (id, code, name, description) values ($1, $2, $3, nullif($4, ''))"
        " on conflict (id) do update set name = excluded.name, description = excluded.description, is_active = true",
        list(rows),
    )
    gone = [id for id, row in kept.items() if row["is_active"] and id not in new]
    await db.execute("update diagnoses_groups set is_active = false where id = any($1)", gone)
    await db.execute("delete from diagnoses_group_codes where not id = any($1)", [id for id, *_ in codes])
    await execute_many(
        db,
        "insert into diagnoses_group_codes (id, group_id, system, code) values ($1, $2, $3, $4) on conflict do nothing",
        list(codes),
    )
    return ImportCounts(len(new - kept.keys()), len(changed), len(gone))
