"""SQL of declarations."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound

from ..model import LIVE, Declaration, DeclarationFilter, Status, VerificationFilter

_FIELDS = tuple(Declaration.__dataclass_fields__)
_DECLARATIONS = f"select {', '.join(f'd.{field}' for field in _FIELDS)} from declarations d"
_LIVE = sorted(status.value for status in LIVE)


async def find_declaration(db: Connection, id: UUID) -> Declaration:
    """One declaration; raise NotFound."""
    row = await db.fetchrow(f"{_DECLARATIONS} where d.id = $1", id)
    if row is None:
        raise NotFound()
    return as_model(Declaration, row)


async def live_declaration(db: Connection, person_id: UUID) -> Declaration | None:
    """The one live declaration of a person (active or waiting for verification), or None."""
    row = await db.fetchrow(f"{_DECLARATIONS} where d.person_id = $1 and d.status = any($2)", person_id, _LIVE)
    return None if row is None else as_model(Declaration, row)


async def live_of_employee(db: Connection, employee_id: UUID, limit: int) -> list[Declaration]:
    """Some of the live declarations of an employee, the oldest first."""
    rows = await db.fetch(
        f"{_DECLARATIONS} where d.employee_id = $1 and d.status = any($2) order by d.inserted_at, d.id limit $3",
        employee_id,
        _LIVE,
        limit,
    )
    return [as_model(Declaration, row) for row in rows]


async def has_active(
    db: Connection, person_id: UUID, today: date, employee_ids: Sequence[UUID] | None, legal_entity_id: UUID | None
) -> bool:
    """Whether an active declaration of the person fits what is given, its last day not over."""
    query = Query("select from declarations").where("person_id = {}", person_id)
    query.where("status = 'active' and end_date >= {}", today)
    query.where_given("employee_id = any({})", None if employee_ids is None else list(employee_ids))
    query.where_given("legal_entity_id = {}", legal_entity_id)
    found: bool = await db.fetchval(f"select exists ({query.sql()})", *query.values)
    return found


async def ended(db: Connection, today: date, limit: int) -> list[tuple[UUID, UUID]]:
    """Some of the active declarations whose last day is over: (id, person)."""
    rows = await db.fetch(
        "select id, person_id from declarations where status = 'active' and end_date < $1 order by end_date limit $2",
        today,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]


async def of_gone(db: Connection, since: datetime, limit: int) -> list[tuple[UUID, UUID, bool]]:
    """Some of the live declarations of people who are gone since a moment: (id, person, whether they died)."""
    rows = await db.fetch(
        "select d.id, d.person_id, p.death_date is not null as died from persons p join declarations d"
        " on d.person_id = p.id and d.status in ('active', 'pending_verification')"
        " where (p.death_date is not null or not p.is_active) and p.updated_at > $1 order by p.updated_at limit $2",
        since,
        limit,
    )
    return [(row["id"], row["person_id"], row["died"]) for row in rows]


async def unverified(db: Connection, before: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Some of the declarations on paper that have waited since before a moment: (id, person)."""
    rows = await db.fetch(
        "select id, person_id from declarations where status = 'pending_verification' and reason = 'offline'"
        " and inserted_at < $1 order by inserted_at limit $2",
        before,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]


async def count_ended(db: Connection, party_id: UUID, today: date) -> int:
    """How many declarations of a doctor, in all their offices, are over and not closed yet."""
    count: int = await db.fetchval(
        "select count(*) from declarations d join employees e on e.id = d.employee_id"
        " where e.party_id = $1 and d.status = 'active' and d.end_date < $2",
        party_id,
        today,
    )
    return count


_NOT_LISTED = ("content", "seed", "status", "signed_document")
_LIST = f"""
select {", ".join(f"d.{field}" for field in _FIELDS if field not in _NOT_LISTED)},
    case when d.status = 'active' and d.end_date < $1 then 'closed' else d.status end as status
from declarations d
"""
# Names are looked up for the page alone: a clinic has tens of thousands of declarations, and all of them are counted.
_WITH_NAMES = """
select d.*, e.position, e.employee_type, e.speciality, v.name as division_name, v.addresses as division_addresses,
    l.name as legal_entity_name, l.edrpou, l.edr ->> 'short_name' as legal_entity_short_name,
    w.id as party_id, w.first_name as party_first_name, w.last_name as party_last_name,
    w.second_name as party_second_name, p.first_name, p.last_name, p.second_name, p.birth_date,
    p.verification_status
from page_ d join persons p on p.id = d.person_id join employees e on e.id = d.employee_id
    join parties w on w.id = e.party_id
    join divisions v on v.id = d.division_id join legal_entities l on l.id = d.legal_entity_id
order by d.inserted_at, d.id
"""


async def declarations(db: Connection, filters: DeclarationFilter, page: Page, today: date) -> Paged:
    """Declarations as they are that day, with the names that a list shows, the oldest first."""
    query = Query(_LIST, values=[today]).where_given("d.person_id = {}", filters.person_id)
    query.where_given("d.legal_entity_id = {}", filters.legal_entity_id)
    query.where_given("d.employee_id = {}", filters.employee_id)
    if filters.status == Status.ACTIVE:
        query.where("d.status = 'active' and d.end_date >= {}", today)
    elif filters.status == Status.CLOSED:
        query.where("(d.status = 'closed' or d.status = 'active' and d.end_date < {})", today)
    else:
        query.where_given("d.status = {}", filters.status)
    query.where_given("d.reason = {}", filters.reason)
    query.where_given("d.declaration_number = {}", filters.declaration_number)
    query.where_given("d.start_date >= {}", filters.start_date_from).where_given(
        "d.start_date <= {}", filters.start_date_to
    )
    query.where_given("d.end_date >= {}", filters.end_date_from).where_given("d.end_date <= {}", filters.end_date_to)
    return await query.page(db, page, order="inserted_at, id", shown=_WITH_NAMES)


async def verifications(db: Connection, filters: VerificationFilter, page: Page, today: date) -> Paged:
    """Patients with a declaration in force that day, and what registers say of them, the oldest first."""
    query = Query(_VERIFICATIONS).where("d.employee_id = {} and d.status = 'active'", filters.employee_id)
    query.where("d.end_date >= {}", today).where("p.verification_status = {}", filters.verification_status)
    query.where_given("d.legal_entity_id = {}", filters.legal_entity_id).where_given("p.status = {}", filters.status)
    return await query.page(db, page, order="inserted_at, id")


_VERIFICATIONS = """
select d.id, d.inserted_at, d.person_id, d.declaration_number, d.status as declaration_status,
    p.verification_status, p.verification_details, p.status as person_status, p.updated_at as person_updated_at
from declarations d join persons p on p.id = d.person_id
"""


async def lock_person(db: Connection, person_id: UUID) -> None:
    """Let nobody else change this person's declarations until the end of the transaction."""
    await db.execute("select from persons where id = $1 for no key update", person_id)


async def take_number(db: Connection, number: str, declaration_id: UUID, person_id: UUID) -> bool:
    """Keep a number for a declaration; False when it is taken."""
    taken = await db.fetchval(
        "insert into declaration_numbers (declaration_number, declaration_id, person_id) values ($1, $2, $3)"
        " on conflict (declaration_number) do nothing returning true",
        number,
        declaration_id,
        person_id,
    )
    return bool(taken)


async def add(db: Connection, declaration: Declaration, by: UUID | None) -> None:
    """Write a new declaration and the first line of its history."""
    columns = {field: getattr(declaration, field) for field in _FIELDS}
    await insert_later(
        db, "declarations", **columns | {"status": declaration.status.value, "inserted_by": by, "updated_by": by}
    )
    await _note(db, declaration, declaration.inserted_at, by)


async def save_status(db: Connection, declaration: Declaration, by: UUID | None) -> None:
    """Write the changed status with its reason, and a line of the history."""
    await write_later(
        db,
        "update declarations set status = $3, reason = $4, reason_description = $5, updated_at = $6, updated_by = $7"
        " where person_id = $1 and id = $2",
        declaration.person_id,
        declaration.id,
        declaration.status.value,
        declaration.reason,
        declaration.reason_description,
        declaration.updated_at,
        by,
    )
    await _note(db, declaration, declaration.updated_at, by)


async def _note(db: Connection, declaration: Declaration, at: datetime, by: UUID | None) -> None:
    await insert_later(
        db,
        "declaration_status_history",
        person_id=declaration.person_id,
        declaration_id=declaration.id,
        at=at,
        status=declaration.status.value,
        reason=declaration.reason,
        by_user_id=by,
    )


async def last_seed(db: Connection) -> str:
    """The hash that proves a declaration was signed after the last links of the audit chain were made."""
    seed: bytes | None = await db.fetchval("select hash from audit_chain order by number desc limit 1")
    return (seed or bytes(32)).hex()
