"""Patients of the clinic's doctors, in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, insert_many
from esoz.kernel.spelling import plain_code, plain_name

from .model import DeclaredPatient, Load, Wanted

_FIELDS = tuple(DeclaredPatient.__dataclass_fields__)
_ORDERS = {
    "name": 'ukrainian_key(last_name) collate "C", ukrainian_key(first_name) collate "C", declaration_id',
    "new": "start_date desc, declaration_id",
    "old": "start_date, declaration_id",
}


@dataclass(frozen=True, slots=True)
class Office:
    """A doctor at a clinic: whose list it is."""

    clinic_id: UUID
    employee_id: UUID


async def replace(db: Connection, office: Office, found: Iterable[DeclaredPatient], at: datetime) -> None:
    """Keep a list as it was told now; of two who read it at once the later one stays."""
    ids = (office.clinic_id, office.employee_id)
    await db.execute(
        "insert into declared_lists (clinic_id, employee_id, read_at, tried_at) values ($1, $2, $3, $3)"
        " on conflict (clinic_id, employee_id) do update set"
        " read_at = excluded.read_at, tried_at = excluded.tried_at, is_outdated = false",
        *ids,
        at,
    )
    await db.execute("delete from declared_patients where clinic_id = $1 and employee_id = $2", *ids)
    rows = {each.declaration_id: [*ids, *(getattr(each, name) for name in _FIELDS)] for each in found}
    await insert_many(db, "declared_patients", ("clinic_id", "employee_id", *_FIELDS), rows.values())


async def note_try(db: Connection, office: Office, at: datetime) -> None:
    """Central did not tell a list: the next one comes first."""
    await db.execute(
        "insert into declared_lists (clinic_id, employee_id, tried_at) values ($1, $2, $3)"
        " on conflict (clinic_id, employee_id) do update set tried_at = excluded.tried_at",
        office.clinic_id,
        office.employee_id,
        at,
    )


async def read_at(db: Connection, office: Office) -> tuple[datetime | None, bool]:
    """When a list was read, None before the first time; and whether something was signed since."""
    row = await db.fetchrow(
        "select read_at, is_outdated from declared_lists where clinic_id = $1 and employee_id = $2",
        office.clinic_id,
        office.employee_id,
    )
    return (row["read_at"], row["is_outdated"]) if row else (None, False)


async def outdate(db: Connection, office: Office) -> None:
    """What is kept is not so any more: it is read again when somebody opens it."""
    await db.execute(
        "update declared_lists set is_outdated = true where clinic_id = $1 and employee_id = $2",
        office.clinic_id,
        office.employee_id,
    )


def _query(office: Office, wanted: Wanted, today: date) -> Query:
    query = Query(f"select {', '.join(_FIELDS)} from declared_patients")
    query.where("clinic_id = {} and employee_id = {}", office.clinic_id, office.employee_id)
    for word in wanted.words:
        begins = f"{_escaped(plain_name(word))}%"
        query.where(
            "(plain_name(last_name) like {0} or plain_name(first_name) like {0} or plain_name(second_name) like {0}"
            " or replace(declaration_number, '-', '') like {1})",
            begins,
            f"{_escaped(plain_code(word) or word)}%",
        )
    if wanted.ages:
        first, last = wanted.ages
        age = "extract(year from age({}::date, birth_date))"
        query.where(f"{age} >= {{}}", today, first)
        if last is not None:
            query.where(f"{age} <= {{}}", today, last)
    query.where_given("start_date >= {}", wanted.since).where_given("start_date <= {}", wanted.until)
    return query


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


async def page_of(db: Connection, office: Office, wanted: Wanted, page: Page, today: date) -> Paged:
    """A page of a doctor's patients."""
    found = await _query(office, wanted, today).page(db, page, order=_ORDERS[wanted.order])
    return Paged([_patient(row) for row in found.rows], found.page, found.total)


async def all_of(db: Connection, office: Office, wanted: Wanted, today: date, most: int) -> list[DeclaredPatient]:
    """A doctor's patients for a file, at most so many."""
    return [
        _patient(row) for row in await _query(office, wanted, today).rows(db, order=_ORDERS[wanted.order], limit=most)
    ]


def _patient(row: Row) -> DeclaredPatient:
    return DeclaredPatient(**{name: row[name] for name in _FIELDS})


async def loads(db: Connection, clinic_id: UUID, since: date) -> dict[UUID, Load]:
    """What the copies of a clinic tell, by doctor; `since`: the first of the days that count as recent."""
    rows = await db.fetch(
        "select l.employee_id, l.read_at, count(p.declaration_id) as here,"
        " count(p.declaration_id) filter (where p.start_date >= $2) as recent"
        " from declared_lists l left join declared_patients p using (clinic_id, employee_id)"
        " where l.clinic_id = $1 and l.read_at is not null group by l.employee_id, l.read_at",
        clinic_id,
        since,
    )
    return {row["employee_id"]: Load(row["here"], row["recent"], row["read_at"]) for row in rows}


async def to_follow(db: Connection, roles: Sequence[str], before: datetime, limit: int) -> Sequence[Row]:
    """Doctors who work here and have consented, whose lists were not read since: user, clinic, employee."""
    found: Sequence[Row] = await db.fetch(
        "select w.user_id, w.clinic_id, w.employee_id from workplaces w"
        " join central_tokens t on (t.user_id, t.clinic_id) = (w.user_id, w.clinic_id)"
        " left join declared_lists l on (l.clinic_id, l.employee_id) = (w.clinic_id, w.employee_id)"
        " where w.role = any($1) and (l.tried_at is null or l.tried_at < $2)"
        " order by l.tried_at nulls first, w.employee_id limit $3",
        list(roles),
        before,
        limit,
    )
    return found


async def forget(db: Connection, before: datetime) -> None:
    """Lists that nobody has read since: their doctors do not work here any more."""
    await db.execute("delete from declared_lists where tried_at < $1", before)
