"""SQL of legal entities and divisions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from esoz.kernel.clock import kyiv_date
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many, insert
from esoz.kernel.errors import NotFound

from .model import EDR, Division, DivisionFilter, LegalEntity, LegalEntityFilter, License, LicensedPlace, Related

_LEGAL_ENTITIES = """
select e.id, e.edrpou, e.type, e.status, e.is_active, e.name, e.edr, e.residence_address, e.phones, e.email, e.website,
    e.owner_property_type, e.receiver_funds_code, e.beneficiary, e.accreditation, e.archive, e.public_offer,
    e.mis_verified, e.nhs_verified, e.nhs_reviewed, e.nhs_unverified_at,
    e.nhs_comment, e.status_reason, e.end_date, e.created_by_mis_id,
    e.inserted_at, e.inserted_by, e.updated_at, e.updated_by,
    case when l.id is not null then jsonb_build_object('id', l.id, 'type', l.type, 'license_number', l.license_number,
        'issued_by', l.issued_by, 'issued_date', l.issued_date, 'expiry_date', l.expiry_date,
        'active_from_date', l.active_from_date, 'what_licensed', l.what_licensed, 'order_no', l.order_no) end as license
from legal_entities e left join licenses l on l.legal_entity_id = e.id and l.is_primary
"""


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


async def legal_entities(db: Connection, filters: LegalEntityFilter, page: Page) -> tuple[list[LegalEntity], Paged]:
    """Active legal entities, the oldest first."""
    query = Query(_LEGAL_ENTITIES).where("e.is_active")
    query.where_given("e.id = {}", filters.legal_entity_id).where_given("e.edrpou = {}", filters.edrpou)
    query.where_given("e.settlement_id = {}", filters.settlement_id).where_given("e.type = {}", filters.type)
    query.where_given("e.status = {}", filters.status).where_given("e.nhs_verified = {}", filters.nhs_verified)
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
    await execute_many(
        db,
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


async def standing_on(db: Connection, edr_ids: Iterable[UUID]) -> list[LegalEntity]:
    """Legal entities that have not ended and stand on these records of the state register, locked."""
    rows = await db.fetch(
        f"{_LEGAL_ENTITIES} where e.edr ->> 'id' = any($1) and e.status in ('ACTIVE', 'SUSPENDED')"
        " order by e.id for update of e",
        [str(id) for id in edr_ids],
    )
    return [as_model(LegalEntity, row) for row in rows]


async def unverified_before(db: Connection, moment: datetime, limit: int) -> list[LegalEntity]:
    """Acting legal entities that lost their verification so long ago, locked."""
    rows = await db.fetch(
        f"{_LEGAL_ENTITIES} where e.status = 'ACTIVE' and not e.nhs_verified and e.nhs_unverified_at < $1"
        " order by e.id limit $2 for update of e skip locked",
        moment,
        limit,
    )
    return [as_model(LegalEntity, row) for row in rows]


async def add_related(
    db: Connection, source_id: UUID, target_id: UUID, reason: str, *, id: UUID, at: datetime, by: UUID
) -> None:
    """Write that one legal entity was merged into another (LE-21)."""
    await insert(
        db,
        "related_legal_entities",
        id=id,
        merged_from_id=source_id,
        merged_to_id=target_id,
        type="REORGANIZATION",
        reason=reason,
        reason_date=kyiv_date(at),
        inserted_at=at,
        inserted_by=by,
    )


async def is_merged(db: Connection, id: UUID) -> bool:
    """Whether a legal entity was merged into another."""
    found: bool | None = await db.fetchval(
        "select true from related_legal_entities where merged_from_id = $1 and is_active", id
    )
    return found or False


async def search(db: Connection, text: str | None, type: str | None, status: str | None, page: Page) -> Paged:
    """A page of legal entities by name or code, in the order of the alphabet, ended ones too: for administrators."""
    query = Query("select id, name, name_key, edrpou, type, status, nhs_verified from legal_entities")
    query.where_given("strpos(plain_name(concat_ws(' ', name, edrpou)), plain_name({})) > 0", text)
    query.where_given("type = {}", type).where_given("status = {}", status)
    return await query.page(db, page, order="name_key, id")


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


async def divisions(db: Connection, filters: DivisionFilter, page: Page) -> tuple[list[Division], Paged]:
    """Divisions, the oldest first."""
    query = Query("select * from divisions").where_given("legal_entity_id = {}", filters.legal_entity_id)
    query.where_given("id = any({})", None if filters.ids is None else list(filters.ids))
    query.where_given("strpos(plain_name(name), plain_name({})) > 0", filters.name).where_given(
        "type = {}", filters.type
    )
    query.where_given("status = {}", filters.status)
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


async def save_licensed_places(db: Connection, places: Sequence[LicensedPlace], at: datetime) -> int:
    """Make the register hold these places; those it lacks are out of use. Return how many there are."""
    rows = [{name: getattr(each, name) for name in each.__struct_fields__} for each in places]
    await db.execute(
        """
        with new as (select * from jsonb_populate_recordset(null::licensed_places, $1))
        insert into licensed_places (dls_id, edrpou, license_number, name, settlement_id, street, building,
                                     active_from_date, expiry_date, is_active, updated_at)
        select dls_id, edrpou, license_number, name, settlement_id, street, building, active_from_date, expiry_date,
               true, $2 from new
        on conflict (dls_id) do update set edrpou = excluded.edrpou, license_number = excluded.license_number,
            name = excluded.name, settlement_id = excluded.settlement_id, street = excluded.street,
            building = excluded.building, active_from_date = excluded.active_from_date,
            expiry_date = excluded.expiry_date, is_active = true, updated_at = excluded.updated_at
        """,
        msgspec.to_builtins(rows),
        at,
    )
    await db.execute("update licensed_places set is_active = false where is_active and updated_at < $1", at)
    return len(places)


async def is_place_licensed(db: Connection, dls_id: str, day: date) -> bool:
    """Whether the licence of a pharmacy's place was in force that day; True of a place that the register lacks."""
    found: bool = await db.fetchval(
        "select coalesce((select is_active and active_from_date <= $2 and coalesce(expiry_date, $2) >= $2"
        " from licensed_places where dls_id = $1), true)",
        dls_id,
        day,
    )
    return found


async def follow_drug_control(db: Connection, today: date, at: datetime, id: UUID | None = None) -> Sequence[Row]:
    """Let divisions of pharmacies (one, or all) be verified as the register says; return those that changed (DV-6).

    A place is the division's when both are of one code and the division names it by `external_id`, or their addresses
    are the same. While the register is empty nothing changes.
    """
    rows: Sequence[Row] = await db.fetch(_FOLLOW, today, at, id)
    return rows


# «12-А», «12 A» and «12а» are one house, «1-2» and «12» are two.
_STREET = "spelling(plain_name(coalesce({}, '')))"
_NUMBER = "spelling(regexp_replace(plain_name(coalesce({}, '')), '([0-9]) ([0-9])', '\\1-\\2', 'g'))"
_FOLLOW = f"""
with places as (
    select d.id, p.dls_id, coalesce(p.is_active and p.active_from_date <= $1
        and coalesce(p.expiry_date, $1) >= $1, false) as is_valid
    from divisions d join legal_entities e on e.id = d.legal_entity_id
    cross join lateral jsonb_to_recordset(d.addresses) as a (type text, settlement_id uuid, street text, building text)
    left join lateral (
        select p.* from licensed_places p
        where p.edrpou = e.edrpou and (p.dls_id = d.external_id or (
            p.settlement_id = a.settlement_id and {_STREET.format("p.street")} = {_STREET.format("a.street")}
            and {_NUMBER.format("p.building")} = {_NUMBER.format("a.building")}))
        order by p.dls_id = d.external_id desc nulls last, p.is_active desc, p.expiry_date desc nulls first, p.dls_id
        limit 1) p on true
    where d.type in ('DRUGSTORE', 'DRUGSTORE_POINT') and a.type = 'RESIDENCE' and ($3::uuid is null or d.id = $3)
        and exists (select from licensed_places)
)
update divisions d set dls_id = places.dls_id, dls_verified = places.is_valid, updated_at = $2
from places where places.id = d.id
    and (d.dls_id is distinct from places.dls_id or d.dls_verified is distinct from places.is_valid)
returning d.id, d.dls_verified
"""


async def save_mountain_settlements(db: Connection, ids: Sequence[UUID]) -> int:
    """Let these settlements, and no others, be mountain ones; return how many of them are known."""
    await db.execute(
        "update settlements set mountain_group = (id = any($1)) where mountain_group <> (id = any($1))", list(ids)
    )
    count: int = await db.fetchval("select count(*) from settlements where mountain_group")
    return count


async def follow_mountains(db: Connection, at: datetime) -> list[UUID]:
    """Let divisions be as the settlement of their first address is (DV-4); return those that changed."""
    rows = await db.fetch(
        "update divisions d set mountain_group = s.mountain_group, updated_at = $1 from settlements s"
        " where s.id = (d.addresses -> 0 ->> 'settlement_id')::uuid and d.mountain_group <> s.mountain_group"
        " returning d.id",
        at,
    )
    return [row["id"] for row in rows]


async def is_mountain(db: Connection, settlement_id: UUID) -> bool:
    """Whether the settlement has the status of a mountain one."""
    found: bool | None = await db.fetchval("select mountain_group from settlements where id = $1", settlement_id)
    return bool(found)


def _related(row: Row, entity: LegalEntity) -> Related:
    return Related(
        entity, row["type"], row["reason"], row["reason_date"], row["is_active"], row["inserted_at"], row["inserted_by"]
    )
