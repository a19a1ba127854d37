"""SQL of the search for doctors: ids in the order of the alphabet; what they mean is asked of those who keep it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query
from esoz.kernel.spelling import plain_name

from .model import DOCTORS, DivisionSearch, EmployeeSearch, PartySearch, PlaceFilter, name_patterns

_NAME = "plain_name(p.last_name || ' ' || p.first_name || ' ' || coalesce(p.second_name, ''))"
# What the office is, or what a service is that is given in it.
_SPECIALITY = """
(e.speciality = {} or exists (
    select from employee_roles r join healthcare_services s on s.id = r.healthcare_service_id
    where r.employee_id = e.id and r.status = 'ACTIVE' and s.status = 'ACTIVE' and s.speciality_type = {}))
"""


async def employees(db: Connection, filters: EmployeeSearch, page: Page) -> Paged:
    """Ids of doctors at their places of work."""
    query = Query("select e.id, p.name_key from parties p join employees e on e.party_id = p.id")
    query.select += " join divisions d on d.id = e.division_id join legal_entities l on l.id = e.legal_entity_id"
    query.where("e.status = 'APPROVED' and e.is_active and e.employee_type = any({})", list(DOCTORS))
    query.where("d.is_active and d.status = 'ACTIVE' and l.is_active")
    _of_party(query, filters)
    _of_place(query, filters)
    query.where_given("e.id = {}", filters.id).where_given("l.status = {}", filters.legal_entity_status)
    query.where_given("e.updated_at >= {}", filters.updated_at_from)
    query.where_given("e.updated_at <= {}", filters.updated_at_to)
    return await query.page(db, page, order="name_key, id")


async def parties(db: Connection, filters: PartySearch, page: Page) -> Paged:
    """Ids of doctors as people: those with a place of work that fits."""
    places = Query("select e.party_id from employees e join divisions d on d.id = e.division_id")
    places.select += " join legal_entities l on l.id = e.legal_entity_id"
    places.where("e.status = 'APPROVED' and e.is_active and e.employee_type = any({})", list(DOCTORS))
    places.where("d.is_active and d.status = 'ACTIVE' and l.is_active and l.status = 'ACTIVE'")
    places.where_given("e.employee_type = {}", filters.employee_type)
    _of_place(places, filters)
    for edge, condition in _EDGES.items():
        places.where_given(condition, getattr(filters, edge))
    query = Query("select p.id, p.name_key from parties p", values=list(places.values))
    query.conditions.append(f"p.id in ({places.sql()})")
    _of_party(query, filters)
    query.where_given("p.verification_status = {}", filters.verification_status)
    return await query.page(db, page, order="name_key, id")


_EDGES = {
    "location_north": "d.latitude <= {}",
    "location_south": "d.latitude >= {}",
    "location_east": "d.longitude <= {}",
    "location_west": "d.longitude >= {}",
}


def _of_party(query: Query, filters: PlaceFilter) -> None:
    for pattern in name_patterns(plain_name(filters.full_name or "")):
        query.where(f"{_NAME} like {{}}", pattern)


def _of_place(query: Query, filters: PlaceFilter) -> None:
    if filters.speciality is not None:
        query.where(_SPECIALITY, filters.speciality, filters.speciality)
    query.where_given("e.division_id = {}", filters.division_id)
    for pattern in name_patterns(plain_name(filters.division_name or "")):
        query.where("plain_name(d.name) like {}", pattern)
    _of_address(query, filters)


def _of_address(query: Query, filters: PlaceFilter | DivisionSearch) -> None:
    for part in ("area", "region", "settlement"):
        query.where_given(f"plain_name(d.addresses -> 0 ->> '{part}') = plain_name({{}})", getattr(filters, part))


# The office is there, or a service of the division is given by the employee.
_OF_EMPLOYEE = """
d.id in (
    select e.division_id from employees e where e.id = {} and e.status = 'APPROVED' and e.is_active
    union all
    select s.division_id from employee_roles r join healthcare_services s on s.id = r.healthcare_service_id
    where r.employee_id = {} and r.status = 'ACTIVE' and s.status = 'ACTIVE')
"""
_EDGES_OF_PLACE = {"north": _EDGES["location_north"], "south": _EDGES["location_south"]}
_EDGES_OF_PLACE |= {"east": _EDGES["location_east"], "west": _EDGES["location_west"]}


async def places(db: Connection, filters: DivisionSearch, page: Page) -> Paged:
    """Ids of divisions that act now, of legal entities that do, the oldest first."""
    query = Query("select d.id, d.inserted_at from divisions d join legal_entities l on l.id = d.legal_entity_id")
    query.where("d.is_active and d.status = 'ACTIVE' and l.is_active and l.status = 'ACTIVE'")
    query.where_given("d.id = {}", filters.id).where_given("d.type = {}", filters.type)
    for column, words in (("d.name", filters.name), ("l.name", filters.legal_entity_name)):
        for pattern in name_patterns(plain_name(words or "")):
            query.where(f"plain_name({column}) like {{}}", pattern)
    _of_address(query, filters)
    query.where_given("l.id = {}", filters.legal_entity_id).where_given("l.edrpou = {}", filters.legal_entity_edrpou)
    if filters.employee_id is not None:
        query.where(_OF_EMPLOYEE, filters.employee_id, filters.employee_id)
    _of_services(query, filters)
    for edge, condition in _EDGES_OF_PLACE.items():
        query.where_given(condition, getattr(filters, edge))
    query.where_given("d.updated_at >= {}", filters.updated_at_from)
    query.where_given("d.updated_at <= {}", filters.updated_at_to)
    return await query.page(db, page, order="inserted_at, id")


def _of_services(query: Query, filters: DivisionSearch) -> None:
    """One service has both, when both are asked for."""
    given = {
        "speciality_type": filters.healthcare_service_speciality_type,
        "providing_condition": filters.healthcare_service_providing_condition,
    }
    wanted = {column: value for column, value in given.items() if value is not None}
    if wanted:
        all_of_it = " and ".join(f"s.{column} = {{}}" for column in wanted)
        query.where(
            "exists (select from healthcare_services s where s.division_id = d.id and s.status = 'ACTIVE'"
            f" and {all_of_it})",
            *wanted.values(),
        )


async def specialities(db: Connection, party_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Specialities of all offices that these parties hold now."""
    rows = await db.fetch(
        "select party_id, array_agg(distinct speciality) as found from employees where party_id = any($1)"
        " and status = 'APPROVED' and is_active and speciality is not null group by party_id",
        list(party_ids),
    )
    return {row["party_id"]: row["found"] for row in rows}


async def offices(db: Connection, party_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Employees behind doctors: the offices in which these parties treat now, the first hired first."""
    rows = await db.fetch(
        "select e.party_id, array_agg(e.id order by e.inserted_at, e.id) as found from employees e"
        " join legal_entities l on l.id = e.legal_entity_id where e.party_id = any($1) and e.status = 'APPROVED'"
        " and e.is_active and e.employee_type = any($2) and l.is_active and l.status = 'ACTIVE' group by e.party_id",
        list(party_ids),
        list(DOCTORS),
    )
    return {row["party_id"]: row["found"] for row in rows}


async def changed(
    db: Connection, table: str, since: datetime | None, page: Page, *, types: Collection[str] | None = None
) -> Paged:
    """Ids of what changed in a register; the name of the table comes from our own code.

    In an order that no change moves: what changes while somebody reads page by page would push the rest by one place
    to the front, over the edge of a page that was read already.
    """
    query = Query(f"select id from {table}").where_given("updated_at >= {}", since)
    query.where_given("employee_type = any({})", None if types is None else sorted(types))
    return await query.page(db, page, order="id")


async def practitioners(db: Connection, since: datetime | None, page: Page, *, types: Collection[str]) -> Paged:
    """Ids of those who hold an office of these types now, in the order of `changed`."""
    query = Query("select p.id, p.declaration_count from parties p")
    query.where(_HOLDING, sorted(types)).where_given("p.updated_at >= {}", since)
    return await query.page(db, page, order="id")


_HOLDING = """
exists (select from employees e where e.party_id = p.id and e.employee_type = any({})
    and e.status = 'APPROVED' and e.is_active)
"""


async def offices_of(
    db: Connection, party_ids: Sequence[UUID], types: Collection[str]
) -> Mapping[UUID, Sequence[UUID]]:
    """Employees behind parties: the offices of these types that they hold now, the first hired first."""
    rows = await db.fetch(
        "select party_id, array_agg(id order by inserted_at, id) as found from employees where party_id = any($1)"
        " and employee_type = any($2) and status = 'APPROVED' and is_active group by party_id",
        list(party_ids),
        sorted(types),
    )
    return {row["party_id"]: row["found"] for row in rows}
