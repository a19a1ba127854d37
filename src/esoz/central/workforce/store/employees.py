"""SQL of parties and employees."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import Forbidden, NotFound

from ..model import Employee, EmployeeFilter, Party

NOBODY_BEHIND = "User is not linked to any party"
_PARTY = tuple(Party.__dataclass_fields__)
_EMPLOYEE = tuple(field for field in Employee.__dataclass_fields__ if field != "party")
_EMPLOYEES = (
    f"select {', '.join(f'e.{field}' for field in _EMPLOYEE)},"
    f" {', '.join(f'p.{field} as party_{field}' for field in _PARTY)}"
    " from employees e join parties p on p.id = e.party_id"
)


async def find_employee(db: Connection, id: UUID, *, lock: bool = False) -> Employee:
    """One employee with the party; raise NotFound."""
    row = await db.fetchrow(f"{_EMPLOYEES} where e.id = $1" + (" for update of e" if lock else ""), id)
    if row is None:
        raise NotFound()
    return _employee(row)


async def find_employees(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Employee]:
    """Several employees by their ids."""
    rows = await db.fetch(f"{_EMPLOYEES} where e.id = any($1)", ids)
    return {row["id"]: _employee(row) for row in rows}


async def employees(db: Connection, filters: EmployeeFilter, page: Page) -> tuple[list[Employee], Paged]:
    """Employees, the first hired first."""
    query = Query(_EMPLOYEES).where_given("e.legal_entity_id = {}", filters.legal_entity_id)
    query.where_given("e.legal_entity_id in (select id from legal_entities where edrpou = {})", filters.edrpou)
    query.where_given("e.division_id = {}", filters.division_id).where_given("e.party_id = {}", filters.party_id)
    query.where_given("plain_number(p.tax_id) = plain_number({})", filters.tax_id).where_given(
        "p.no_tax_id = {}", filters.no_tax_id
    )
    query.where_given("p.verification_status = {}", filters.verification_status)
    query.where_given("e.status = {}", filters.status).where_given("e.employee_type = {}", filters.employee_type)
    paged = await query.page(db, page, order="inserted_at, id")
    return [_employee(row) for row in paged.rows], paged


async def employees_of_user(
    db: Connection, user_id: UUID, legal_entity_id: UUID, *, hold: bool = False
) -> list[Employee]:
    """Employees of the user's party that work in the legal entity now, the first hired first.

    Held, nobody changes them until the transaction ends.
    """
    rows = await db.fetch(
        f"{_EMPLOYEES} join party_users u on u.party_id = p.id where u.user_id = $1 and e.legal_entity_id = $2"
        " and e.status = 'APPROVED' and e.is_active order by e.inserted_at, e.id" + (" for share of e" if hold else ""),
        user_id,
        legal_entity_id,
    )
    return [_employee(row) for row in rows]


async def employees_of_users(
    db: Connection, pairs: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], list[Employee]]:
    """The same for several users, each in a legal entity."""
    rows = await db.fetch(
        f"select found.*, u.user_id from ({_EMPLOYEES} where e.status = 'APPROVED' and e.is_active) found"
        " join party_users u on u.party_id = found.party_id"
        " join unnest($1::uuid[], $2::uuid[]) as pair (user_id, legal_entity_id)"
        " on pair.user_id = u.user_id and pair.legal_entity_id = found.legal_entity_id"
        " order by found.inserted_at, found.id",
        [user_id for user_id, _ in pairs],
        [legal_entity_id for _, legal_entity_id in pairs],
    )
    found: dict[tuple[UUID, UUID], list[Employee]] = {}
    for row in rows:
        found.setdefault((row["user_id"], row["legal_entity_id"]), []).append(_employee(row))
    return found


async def party_of_user(db: Connection, user_id: UUID) -> Party:
    """The human being behind a user; raise Forbidden when nobody was hired under this user."""
    row = await db.fetchrow(
        f"select {', '.join(f'p.{field}' for field in _PARTY)}"
        " from parties p join party_users u on u.party_id = p.id where u.user_id = $1",
        user_id,
    )
    if row is None:
        raise Forbidden(NOBODY_BEHIND)
    return as_model(Party, row)


async def parties_of_users(db: Connection, user_ids: Sequence[UUID]) -> dict[UUID, Party]:
    """The human beings behind users, by user."""
    rows = await db.fetch(
        f"select u.user_id, {', '.join(f'p.{field}' for field in _PARTY)}"
        " from parties p join party_users u on u.party_id = p.id where u.user_id = any($1)",
        user_ids,
    )
    return {row["user_id"]: as_model(Party, row) for row in rows}


async def lock_party(db: Connection, tax_id: str, birth_date: object) -> Party | None:
    """The party of this tax id and birth date (EM-17), locked until the end of the transaction, or None."""
    row = await db.fetchrow(
        f"select {', '.join(_PARTY)} from parties where plain_number(tax_id) = plain_number($1) and birth_date = $2"
        " order by inserted_at, id limit 1 for update",
        tax_id,
        birth_date,
    )
    return None if row is None else as_model(Party, row)


async def save_party(db: Connection, party: Party) -> None:
    """Write a party; the number of declarations is kept by `count_declaration` alone."""
    values = {field: getattr(party, field) for field in _PARTY if field != "declaration_count"}
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    changes = ", ".join(f"{field} = excluded.{field}" for field in values if field not in ("id", "inserted_at"))
    await db.execute(
        f"insert into parties ({names}) values ({places}) on conflict (id) do update set {changes}",
        *values.values(),
    )


async def count_declaration(db: Connection, party_id: UUID, by: int) -> int:
    """Change the number of live declarations of a party and return it; the row stays locked."""
    count: int = await db.fetchval(
        "update parties set declaration_count = declaration_count + $2 where id = $1 returning declaration_count",
        party_id,
        by,
    )
    return count


async def link_user(db: Connection, user_id: UUID, party_id: UUID, at: object) -> UUID:
    """Tie a user to a party unless tied before; return the party of the user."""
    found: UUID = await db.fetchval(
        "insert into party_users (user_id, party_id, inserted_at) values ($1, $2, $3)"
        " on conflict (user_id) do update set inserted_at = party_users.inserted_at returning party_id",
        user_id,
        party_id,
        at,
    )
    return found


async def add_employee(db: Connection, employee: Employee, by: UUID | None) -> None:
    """Write a new employee."""
    columns = {field: getattr(employee, field) for field in _EMPLOYEE}
    await insert(
        db,
        "employees",
        **columns
        | {"status": employee.status.value, "party_id": employee.party.id, "inserted_by": by, "updated_by": by},
    )


async def save_employee(db: Connection, employee: Employee, by: UUID | None) -> None:
    """Write what changed of an employee; the party is written apart."""
    names = [field for field in _EMPLOYEE if field not in ("id", "legal_entity_id", "inserted_at")]
    values = [employee.status.value if name == "status" else getattr(employee, name) for name in names]
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 3))
    await db.execute(f"update employees set updated_by = $2, {changes} where id = $1", employee.id, by, *values)


async def users_of_party(db: Connection, party_id: UUID) -> list[UUID]:
    """Users of a human being; mostly one."""
    return [row["user_id"] for row in await db.fetch("select user_id from party_users where party_id = $1", party_id)]


async def has_other_office(db: Connection, employee: Employee) -> bool:
    """Whether the party holds another office of this type in this legal entity now."""
    found: bool = await db.fetchval(
        "select exists (select from employees where party_id = $1 and legal_entity_id = $2 and employee_type = $3"
        " and id <> $4 and status = 'APPROVED' and is_active)",
        employee.party.id,
        employee.legal_entity_id,
        employee.employee_type,
        employee.id,
    )
    return found


async def employees_of_legal_entity(db: Connection, legal_entity_id: UUID) -> list[Employee]:
    """Everybody who works in a legal entity now, locked."""
    rows = await db.fetch(
        f"{_EMPLOYEES} where e.legal_entity_id = $1 and e.status = 'APPROVED' and e.is_active"
        " order by e.inserted_at, e.id for update of e",
        legal_entity_id,
    )
    return [_employee(row) for row in rows]


async def set_verification_status(db: Connection, party_id: UUID, status: str, at: object) -> None:
    """Write the word of all registers about a party."""
    await db.execute("update parties set verification_status = $2, updated_at = $3 where id = $1", party_id, status, at)


async def specialities_of_party(db: Connection, party_id: UUID) -> list[str]:
    """Specialities of the offices that a party holds now."""
    rows = await db.fetch(
        "select distinct speciality from employees where party_id = $1 and status = 'APPROVED' and is_active"
        " and speciality is not null",
        party_id,
    )
    return [row["speciality"] for row in rows]


async def other_owners(db: Connection, legal_entity_id: UUID, types: Sequence[str]) -> list[Employee]:
    """Active owners of a legal entity."""
    rows = await db.fetch(
        f"{_EMPLOYEES} where e.legal_entity_id = $1 and e.employee_type = any($2) and e.is_active"
        " and e.status = 'APPROVED'",
        legal_entity_id,
        list(types),
    )
    return [_employee(row) for row in rows]


async def owned_by(db: Connection, party_id: UUID, types: Sequence[str]) -> list[UUID]:
    """Legal entities whose owner somebody is now."""
    rows = await db.fetch(
        "select distinct legal_entity_id from employees where party_id = $1 and employee_type = any($2)"
        " and status = 'APPROVED' and is_active",
        party_id,
        list(types),
    )
    return [row["legal_entity_id"] for row in rows]


async def doctors_without_counterpart(db: Connection, source_id: UUID, target_id: UUID) -> list[Employee]:
    """Doctors of a legal entity who have no office of the same speciality in another one, locked."""
    rows = await db.fetch(
        f"{_EMPLOYEES} where e.legal_entity_id = $1 and e.employee_type = 'DOCTOR' and e.status = 'APPROVED'"
        " and e.is_active and not exists (select from employees other where other.legal_entity_id = $2"
        " and other.party_id = e.party_id and other.employee_type = 'DOCTOR' and other.status = 'APPROVED'"
        " and other.is_active and other.speciality is not distinct from e.speciality)"
        " order by e.inserted_at, e.id for update of e",
        source_id,
        target_id,
    )
    return [_employee(row) for row in rows]


async def retire_owners(db: Connection, ids: Sequence[UUID], at: object) -> None:
    """Former owners keep their status and stop being active (EM-25)."""
    await db.execute("update employees set is_active = false, updated_at = $2 where id = any($1)", list(ids), at)


def _employee(row: Row) -> Employee:
    party = {field: row[f"party_{field}"] for field in _PARTY}
    return as_model(Employee, {field: row[field] for field in _EMPLOYEE} | {"party": as_model(Party, party)})
