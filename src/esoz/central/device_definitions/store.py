"""SQL of device definitions."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.db import Connection, Page, Paged, Query, Row
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from .model import Definition, DeviceDefinitionFilter

_DEFINITIONS = (
    "select id, is_active, content, name_key, inserted_at, inserted_by, updated_at, updated_by from device_definitions"
)


async def device_definitions(db: Connection, filters: DeviceDefinitionFilter, page: Page) -> Paged:
    """Devices in the order of their names."""
    query = Query(_DEFINITIONS).where("is_active = {}", filters.is_active)
    query.where_given("content -> 'classification_types' @> {}", _coding(filters))
    query.where_given("model_number = {}", filters.model_number)
    if filters.name is not None or filters.name_type is not None:
        query.where(
            "exists (select from jsonb_to_recordset(content -> 'device_names') as n (name text, type text)"
            " where strpos(plain_name(n.name), plain_name({})) > 0 and ({} = '' or n.type = {}))",
            filters.name or "",
            filters.name_type or "",
            filters.name_type or "",
        )
    programme = (
        None if filters.medical_program_id is None else [{"medical_program_id": str(filters.medical_program_id)}]
    )
    query.where_given("content -> 'program_devices' @> {}", programme)
    return await query.page(db, page, order="name_key, id")


def _coding(filters: DeviceDefinitionFilter) -> list[dict[str, str]] | None:
    coding = {"system": filters.classification_type_system, "code": filters.classification_type_code}
    known = {name: value for name, value in coding.items() if value is not None}
    return [known] if known else None


async def device_definition(db: Connection, id: UUID, system: str | None) -> Row:
    """One device; raise NotFound."""
    query = Query(_DEFINITIONS).where("id = {}", id)
    query.where_given("content -> 'classification_types' @> {}", [{"system": system}] if system else None)
    rows = await query.rows(db)
    if not rows:
        raise NotFound()
    return rows[0]


async def known(db: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, bool]]:
    """The first name of each device that is there, and whether it is in use."""
    rows = await db.fetch(
        "select id, is_active, content -> 'device_names' -> 0 ->> 'name' as name from device_definitions"
        " where id = any($1)",
        list(ids),
    )
    return {row["id"]: (row["name"], row["is_active"]) for row in rows}


async def in_use(db: Connection, device: UUID | tuple[str, str]) -> Sequence[Row]:
    """Devices in use in the order of their names: one by its id, or all of a code (system, code)."""
    query = Query(_DEFINITIONS).where("is_active")
    if isinstance(device, UUID):
        query.where("id = {}", device)
    else:
        system, code = device
        query.where("content -> 'classification_types' @> {}", [{"system": system, "code": code}])
    return await query.rows(db, order="name_key, id")


async def save(work: Work, definitions: Sequence[Definition]) -> ImportCounts:
    """Make the table hold these devices: new ones are added, others changed, those missing go out of use."""
    rows = [{"id": str(each.id), "content": _content(each)} for each in definitions]
    row = await work.db.fetchrow(_SAVE, rows, work.now, work.actor.user_id)
    return ImportCounts(row["added"], row["changed"], row["removed"])


def _content(definition: Definition) -> dict[str, object]:
    content: dict[str, object] = msgspec.to_builtins(definition)
    return {name: value for name, value in content.items() if name != "id"}


_SAVE = """
with new as (select * from jsonb_to_recordset($1::jsonb) as told (id uuid, content jsonb)),
changed as (
    update device_definitions old set content = new.content, is_active = true, updated_at = $2, updated_by = $3
    from new where new.id = old.id and (old.content <> new.content or not old.is_active) returning old.id),
added as (
    insert into device_definitions (id, content, inserted_at, inserted_by, updated_at, updated_by)
    select id, content, $2::timestamptz, $3::uuid, $2, $3 from new
    where not exists (select from device_definitions old where old.id = new.id) returning id),
removed as (
    update device_definitions old set is_active = false, updated_at = $2, updated_by = $3
    where old.is_active and not exists (select from new where new.id = old.id) returning id)
select (select count(*) from added) as added, (select count(*) from changed) as changed,
    (select count(*) from removed) as removed
"""
