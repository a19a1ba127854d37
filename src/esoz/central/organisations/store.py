"""SQL of legal entities and divisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound

from .model import EDR, Division, LegalEntity, License, Related

_LEGAL_ENTITIES = """
select e.id, e.edrpou, e.type, e.status, e.is_active, e.name, e.edr, e.residence_address, e.phones, e.email, e.website,
    e.owner_property_type, e.receiver_funds_code, e.beneficiary, e.accreditation, e.archive, e.public_offer,
    e.mis_verified, e.nhs_verified, e.nhs_reviewed, e.nhs_comment, e.status_reason, e.end_date, e.created_by_mis_id,
    e.inserted_at, e.inserted_by, e.updated_at, e.updated_by,
    case when l.id is not null then jsonb_build_object('id', l.id, 'type', l.type, 'license_number', l.license_number,
        'issued_by', l.issued_by, 'issued_date', l.issued_date, 'expiry_date', l.expiry_date,
        'active_from_date', l.active_from_date, 'what_licensed', l.what_licensed, 'order_no', l.order_no) end as license
from legal_entities e left join licenses l on l.legal_entity_id = e.id and l.is_primary
"""


class LegalEntitiesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    legal_entity_id: UUID | None = None
    edrpou: str | None = None
    settlement_id: UUID | None = None
    type: str | None = None
    status: str | None = None
    nhs_verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionsAsked:
    """Filters of the list; None means any."""

    legal_entity_id: UUID | None = None
    ids: Sequence[UUID] | None = None
    name: str | None = None
    type: str | None = None
    status: str | None = None


async def find_legal_entity(db: Connection, id: UUID, *, lock: bool = False) -> LegalEntity:
    """One legal entity; raise NotFound. `lock` lets nobody else change it until the end of the transaction."""
    row = await db.fetchrow(f"{_LEGAL_ENTITIES} where e.id = $1" + (" for update of e" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(LegalEntity, row)


async def find_legal_entities(db: Connection, ids: Iterable[UUID]) -> dict[UUID, LegalEntity]:
    """Several legal entities by their ids."""
    rows = await db.fetch(f"{_LEGAL_ENTITIES} where e.id = any($1)", list(set(ids)))
    return {row["id"]: as_model(LegalEntity, row) for row in rows}


async def legal_entities(db: Connection, asked: LegalEntitiesAsked, page: Page) -> tuple[list[LegalEntity], Paged]:
    """Active legal entities, the oldest first."""
    query = Query(_LEGAL_ENTITIES).where("e.is_active")
    query.where_given("e.id = {}", asked.legal_entity_id).where_given("e.edrpou = {}", asked.edrpou)
    query.where_given("e.settlement_id = {}", asked.settlement_id).where_given("e.type = {}", asked.type)
    query.where_given("e.status = {}", asked.status).where_given("e.nhs_verified = {}", asked.nhs_verified)
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(LegalEntity, row) for row in paged.rows], paged


async def with_code(db: Connection, edrpou: str) -> list[LegalEntity]:
    """Legal entities of this code that act or are suspended, locked."""
    rows = await db.fetch(
        f"{_LEGAL_ENTITIES} where e.edrpou = $1 and e.status in ('ACTIVE', 'SUSPENDED') order by e.inserted_at"
        " for update of e",
        edrpou,
    )
    return [as_model(LegalEntity, row) for row in rows]


async def add_legal_entity(db: Connection, entity: LegalEntity) -> None:
    """Write a new legal entity and its license."""
    await insert(db, "legal_entities", **_columns_of(entity))
    if entity.license is not None:
        await add_license(db, entity.license, entity.id, entity.inserted_at)


async def save_legal_entity(db: Connection, entity: LegalEntity) -> None:
    """Write what changed of a legal entity; its license is written apart."""
    columns = {name: value for name, value in _columns_of(entity).items() if name not in ("id", "inserted_at")}
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await db.execute(f"update legal_entities set {changes} where id = $1", entity.id, *columns.values())


def _columns_of(entity: LegalEntity) -> dict[str, object]:
    columns = {field: getattr(entity, field) for field in LegalEntity.__dataclass_fields__ if field != "license"}
    return columns | {"status": entity.status.value}


async def add_license(db: Connection, license: License, legal_entity_id: UUID, at: datetime) -> None:
    """Write a new primary license; the one before it stays as an additional one."""
    await db.execute(
        "update licenses set is_primary = false, updated_at = $2 where legal_entity_id = $1 and is_primary",
        legal_entity_id,
        at,
    )
    await insert(
        db,
        "licenses",
        legal_entity_id=legal_entity_id,
        is_primary=True,
        inserted_at=at,
        updated_at=at,
        **msgspec.structs.asdict(license),
    )


async def save_license(db: Connection, license: License, at: datetime) -> None:
    """Write what changed of a license."""
    columns = {name: value for name, value in msgspec.structs.asdict(license).items() if name != "id"}
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 3))
    await db.execute(f"update licenses set updated_at = $2, {changes} where id = $1", license.id, at, *columns.values())


async def make_primary(db: Connection, legal_entity_id: UUID, license_id: UUID, at: datetime) -> None:
    """Let the legal entity work under another of its licenses."""
    # The one before is freed first: a legal entity has one primary license at any moment.
    await db.execute(
        "update licenses set is_primary = false, updated_at = $3"
        " where legal_entity_id = $1 and is_primary and id <> $2",
        legal_entity_id,
        license_id,
        at,
    )
    await db.execute(
        "update licenses set is_primary = true, updated_at = $2 where id = $1 and not is_primary", license_id, at
    )


async def find_license(db: Connection, id: UUID) -> tuple[License, UUID] | None:
    """A license and the legal entity it belongs to, or None."""
    row = await db.fetchrow("select * from licenses where id = $1", id)
    return None if row is None else (as_model(License, row), row["legal_entity_id"])


async def keep_document(
    db: Connection, legal_entity_id: UUID, object_name: str, *, id: UUID, at: datetime, by: UUID | None
) -> None:
    """Note where a signed request about a legal entity is kept (LE-13)."""
    await insert(
        db,
        "legal_entity_documents",
        id=id,
        legal_entity_id=legal_entity_id,
        object_name=object_name,
        inserted_at=at,
        inserted_by=by,
    )


async def edr_records(db: Connection, edrpou: str) -> list[EDR]:
    """What the state register knows of a code."""
    rows = await db.fetch("select content from edr_records where edrpou = $1 order by id", edrpou)
    return [msgspec.convert(row["content"], EDR, strict=False) for row in rows]


async def save_edr_records(db: Connection, records: Iterable[EDR], at: datetime) -> int:
    """Write records of the state register; return how many."""
    rows = [(each.id, each.edrpou, each.state, each, at) for each in records]
    await db.executemany(
        "insert into edr_records (id, edrpou, state, content, imported_at) values ($1, $2, $3, $4, $5)"
        " on conflict (id) do update set edrpou = excluded.edrpou, state = excluded.state,"
        " content = excluded.content, imported_at = excluded.imported_at",
        rows,
    )
    return len(rows)


async def related(db: Connection, merged_to: UUID, page: Page) -> tuple[list[Related], Paged]:
    """Legal entities merged into this one."""
    query = Query(
        "select id, merged_from_id, type, reason, reason_date, is_active, inserted_at, inserted_by"
        " from related_legal_entities"
    ).where("merged_to_id = {}", merged_to)
    paged = await query.page(db, page, order="inserted_at, id")
    found = await find_legal_entities(db, [row["merged_from_id"] for row in paged.rows])
    return [_related(row, found[row["merged_from_id"]]) for row in paged.rows], paged


async def suspend_ended(db: Connection, edr_ids: Iterable[UUID], *, reason: str, at: datetime) -> list[UUID]:
    """Suspend acting legal entities that stand on these records of the state register; return their ids."""
    rows = await db.fetch(
        "update legal_entities set status = 'SUSPENDED', status_reason = $2, updated_at = $3, updated_by = null"
        " where edr ->> 'id' = any($1) and status = 'ACTIVE' returning id",
        [str(id) for id in edr_ids],
        reason,
        at,
    )
    return [row["id"] for row in rows]


async def find_division(db: Connection, id: UUID, *, lock: bool = False) -> Division:
    """One division; raise NotFound."""
    row = await db.fetchrow("select * from divisions where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(Division, row)


async def find_divisions(db: Connection, ids: Iterable[UUID]) -> dict[UUID, Division]:
    """Several divisions by their ids."""
    rows = await db.fetch("select * from divisions where id = any($1)", list(set(ids)))
    return {row["id"]: as_model(Division, row) for row in rows}


async def divisions(db: Connection, asked: DivisionsAsked, page: Page) -> tuple[list[Division], Paged]:
    """Divisions, the oldest first."""
    query = Query("select * from divisions").where_given("legal_entity_id = {}", asked.legal_entity_id)
    query.where_given("id = any({})", None if asked.ids is None else list(asked.ids))
    query.where_given("strpos(lower(name), lower({})) > 0", asked.name).where_given("type = {}", asked.type)
    query.where_given("status = {}", asked.status)
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Division, row) for row in paged.rows], paged


async def add_division(db: Connection, division: Division) -> None:
    """Write a new division."""
    columns = {field: getattr(division, field) for field in Division.__dataclass_fields__}
    await insert(db, "divisions", **columns | {"status": division.status.value})


async def save_division(db: Connection, division: Division) -> None:
    """Write what changed of a division."""
    names = [field for field in Division.__dataclass_fields__ if field not in ("id", "legal_entity_id", "inserted_at")]
    values = [division.status.value if name == "status" else getattr(division, name) for name in names]
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 2))
    await db.execute(f"update divisions set {changes} where id = $1", division.id, *values)


async def is_mountain(db: Connection, settlement_id: UUID) -> bool:
    """Whether the settlement has the status of a mountain one."""
    found: bool | None = await db.fetchval("select mountain_group from settlements where id = $1", settlement_id)
    return bool(found)


def _related(row: Row, entity: LegalEntity) -> Related:
    return Related(
        entity, row["type"], row["reason"], row["reason_date"], row["is_active"], row["inserted_at"], row["inserted_by"]
    )
