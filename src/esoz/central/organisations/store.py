"""SQL of legal entities and divisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound

from .model import Division, LegalEntity, License, Related

_LEGAL_ENTITIES = """
select e.id, e.edrpou, e.type, e.status, e.is_active, e.name, e.edr, e.residence_address, e.phones, e.email, e.website,
    e.owner_property_type, e.receiver_funds_code, e.beneficiary, e.accreditation, e.archive, e.public_offer,
    e.mis_verified, e.nhs_verified, e.nhs_reviewed, e.nhs_comment, e.inserted_at, e.updated_at,
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


async def find_legal_entity(db: Connection, id: UUID) -> LegalEntity:
    """One legal entity; raise NotFound."""
    row = await db.fetchrow(f"{_LEGAL_ENTITIES} where e.id = $1", id)
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


async def find_acting(db: Connection, edrpou: str, type: str) -> UUID | None:
    """The id of the acting legal entity of this code and type, or None."""
    found: UUID | None = await db.fetchval(
        "select id from legal_entities where edrpou = $1 and type = $2 and status = 'ACTIVE'", edrpou, type
    )
    return found


async def add_legal_entity(db: Connection, entity: LegalEntity, by: UUID | None) -> None:
    """Write a new legal entity and its license."""
    columns = {field: getattr(entity, field) for field in LegalEntity.__dataclass_fields__ if field != "license"}
    await insert(db, "legal_entities", **columns | {"status": entity.status.value, "inserted_by": by, "updated_by": by})
    if entity.license is not None:
        await insert(
            db,
            "licenses",
            legal_entity_id=entity.id,
            is_primary=True,
            inserted_at=entity.inserted_at,
            updated_at=entity.updated_at,
            **_columns(entity.license),
        )


async def related(db: Connection, merged_to: UUID, page: Page) -> tuple[list[Related], Paged]:
    """Legal entities merged into this one."""
    query = Query(
        "select id, merged_from_id, type, reason, reason_date, is_active, inserted_at, inserted_by"
        " from related_legal_entities"
    ).where("merged_to_id = {}", merged_to)
    paged = await query.page(db, page, order="inserted_at, id")
    found = await find_legal_entities(db, [row["merged_from_id"] for row in paged.rows])
    return [_related(row, found[row["merged_from_id"]]) for row in paged.rows], paged


async def find_division(db: Connection, id: UUID) -> Division:
    """One division; raise NotFound."""
    row = await db.fetchrow("select * from divisions where id = $1", id)
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


async def is_mountain(db: Connection, settlement_id: UUID) -> bool:
    """Whether the settlement has the status of a mountain one."""
    found: bool | None = await db.fetchval("select mountain_group from settlements where id = $1", settlement_id)
    return bool(found)


def _related(row: Row, entity: LegalEntity) -> Related:
    return Related(
        entity, row["type"], row["reason"], row["reason_date"], row["is_active"], row["inserted_at"], row["inserted_by"]
    )


def _columns(license: License) -> dict[str, object]:
    return {name: getattr(license, name) for name in msgspec.structs.asdict(license)}
