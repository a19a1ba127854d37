"""Central's employees as they are kept here, and when central is asked about them, in SQL."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many
from esoz.kernel.spelling import plain_name
from esoz.mis.base.section import Consent

from ..model.employees import FOLLOWED, Employee

_COLUMNS = tuple(each.name for each in fields(Employee))
_SELECTED = ", ".join(_COLUMNS)
# What is over stays over: an answer that was under way while somebody was dismissed changes nothing.
_CHANGES = {name: f"excluded.{name}" for name in _COLUMNS if name not in ("employee_id", "clinic_id")} | {
    "status": "case when staff.status = 'APPROVED' then excluded.status else staff.status end",
    "is_active": "staff.is_active and excluded.is_active",
    "end_date": "coalesce(excluded.end_date, staff.end_date)",
}
_SAVE = (
    f"insert into staff ({_SELECTED}) values ({', '.join(f'${number}' for number in range(1, len(_COLUMNS) + 1))})"
    f" on conflict (employee_id) do update set {', '.join(f'{name} = {value}' for name, value in _CHANGES.items())}"
    " where staff.clinic_id = excluded.clinic_id"
)


async def save(db: Connection, employees: Sequence[Employee]) -> None:
    """Write what central tells."""
    await execute_many(db, _SAVE, [[getattr(each, name) for name in _COLUMNS] for each in employees])


async def find(db: Connection, clinic_id: UUID, employee_id: UUID, *, lock: bool = False) -> Employee | None:
    row = await db.fetchrow(
        f"select {_SELECTED} from staff where clinic_id = $1 and employee_id = $2" + " for update" * lock,
        clinic_id,
        employee_id,
    )
    return as_model(Employee, row) if row else None


async def everybody(db: Connection, clinic_id: UUID) -> list[Employee]:
    """All employees of a clinic, those of before too."""
    rows = await db.fetch(f"select {_SELECTED} from staff where clinic_id = $1", clinic_id)
    return [as_model(Employee, row) for row in rows]


async def at_work(db: Connection, clinic_id: UUID) -> list[tuple[str, int]]:
    """How many people work at a clinic in each role, the most first."""
    rows = await db.fetch(
        "select role, count(*) as number from staff where clinic_id = $1 and status = 'APPROVED' and is_active"
        " group by role order by number desc, role",
        clinic_id,
    )
    return [(row["role"], row["number"]) for row in rows]


async def of_person(db: Connection, clinic_id: UUID, employee: Employee) -> list[Employee]:
    """Other positions at the clinic of somebody of the same name."""
    rows = await db.fetch(
        f"select {_SELECTED} from staff where clinic_id = $1 and employee_id <> $2"
        " and (last_name, first_name, second_name) = ($3, $4, $5) order by start_date desc nulls last, employee_id",
        clinic_id,
        employee.employee_id,
        employee.last_name,
        employee.first_name,
        employee.second_name,
    )
    return [as_model(Employee, row) for row in rows]


_IN_ORDER = ", ".join(f'ukrainian_key({name}) collate "C"' for name in ("last_name", "first_name", "second_name"))


async def listed(
    db: Connection, clinic_id: UUID, *, name: str, role: str, status: str, division_id: UUID | None, page: Page
) -> Paged:
    """People of a clinic by name; `has_access`: they have a workplace here."""
    query = Query(
        f"select {_SELECTED}, exists (select from workplaces w where w.employee_id = s.employee_id) as has_access"
        " from staff s"
    ).where("s.clinic_id = {}", clinic_id)
    for word in plain_name(name).split():
        query.where("strpos(plain_name(s.last_name || ' ' || s.first_name || ' ' || s.second_name), {}) > 0", word)
    query.where_given("s.role = {}", role or None).where_given("s.division_id = {}", division_id)
    if status:
        query.where("(s.status = {} and (s.is_active or s.status <> 'APPROVED'))", status)
    found = await query.page(db, page, order=f"{_IN_ORDER}, employee_id")
    return replace(found, rows=[_listed(row) for row in found.rows])


def _listed(row: Row) -> dict[str, object]:
    employee = Employee(**{name: row[name] for name in _COLUMNS})
    return {"employee": employee, "has_access": row["has_access"]}


async def choices(db: Connection, clinic_id: UUID) -> tuple[list[str], list[tuple[UUID, str]]]:
    """Roles and divisions that somebody of the clinic has, for filters."""
    roles = await db.fetch("select distinct role from staff where clinic_id = $1 order by role", clinic_id)
    divisions = await db.fetch(
        "select division_id, division_name from staff where clinic_id = $1 and division_id is not null"
        ' group by division_id, division_name order by ukrainian_key(division_name) collate "C", division_id',
        clinic_id,
    )
    return [row["role"] for row in roles], [(row["division_id"], row["division_name"]) for row in divisions]


async def dismissed(db: Connection, clinic_id: UUID) -> int:
    """How many of a clinic have been dismissed, as far as we know."""
    found: int = await db.fetchval(
        "select count(*)::int from staff where clinic_id = $1 and status = 'DISMISSED'", clinic_id
    )
    return found


async def dismiss(db: Connection, employee: Employee) -> None:
    """Write that somebody has been dismissed."""
    await db.execute(
        "update staff set status = $2, end_date = $3 where employee_id = $1 and status = 'APPROVED'",
        employee.employee_id,
        employee.status,
        employee.end_date,
    )


async def retire(db: Connection, employee_id: UUID) -> None:
    """Write that another head has taken over."""
    await db.execute("update staff set is_active = false where employee_id = $1", employee_id)


async def take_turn(db: Connection, now: datetime) -> tuple[UUID, datetime | None] | None:
    """A clinic whose people are to be asked about now, and when its whole list was read; the next turn is put off.

    Clinics where nobody has a token are not followed. Of several workers one gets a clinic.
    """
    await db.execute(
        "insert into staff_follows (clinic_id, due_at) select id, $1 from clinics on conflict do nothing", now
    )
    row = await db.fetchrow(
        "update staff_follows set due_at = $2 where clinic_id = (select clinic_id from staff_follows f"
        " where due_at <= $1 and exists (select from central_tokens t where t.clinic_id = f.clinic_id)"
        " order by due_at for update skip locked limit 1) returning clinic_id, whole_at",
        now,
        now + FOLLOWED,
    )
    return (row["clinic_id"], row["whole_at"]) if row else None


async def begin_whole(db: Connection, clinic_id: UUID, now: datetime) -> None:
    """One list of a clinic is written at a time."""
    await db.execute(
        "insert into staff_follows (clinic_id, due_at) values ($1, $2) on conflict do nothing", clinic_id, now
    )
    await db.execute("select from staff_follows where clinic_id = $1 for update", clinic_id)


async def end_whole(db: Connection, clinic_id: UUID, at: datetime) -> None:
    await db.execute("update staff_follows set whole_at = $2 where clinic_id = $1", clinic_id, at)


async def whole_at(db: Connection, clinic_id: UUID) -> datetime | None:
    """When the whole list of a clinic was read."""
    found: datetime | None = await db.fetchval("select whole_at from staff_follows where clinic_id = $1", clinic_id)
    return found


async def hasten(db: Connection, clinic_id: UUID, now: datetime) -> None:
    """Ask central about the people of a clinic at the next turn."""
    await db.execute("update staff_follows set due_at = least(due_at, $2) where clinic_id = $1", clinic_id, now)


async def doubt(db: Connection, consent: Consent, now: datetime) -> None:
    """Let central be asked at the next turn who works at the clinic, unless just that is under way."""
    await db.execute(
        "update staff_follows set due_at = least(due_at, $2) where clinic_id ="
        " (select clinic_id from staff_follows where clinic_id = $1 for update skip locked)",
        consent.clinic_id,
        now,
    )


async def watchers(db: Connection, clinic_id: UUID, scope: str) -> list[UUID]:
    """Users whose tokens may ask central about people of a clinic; those who may know most first."""
    rows = await db.fetch(
        "select user_id from central_tokens where clinic_id = $1 and $2 = any(scopes)"
        " order by ('employee:details' = any(scopes)) desc, expires_at desc limit 10",
        clinic_id,
        scope,
    )
    return [row["user_id"] for row in rows]
