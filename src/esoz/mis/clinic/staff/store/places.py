"""Workplaces that follow central, users of people who are hired, links to set a password, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row, as_model, insert

from ..model.employees import Access, Waiting


async def of_those_gone(db: Connection, clinic_id: UUID) -> Sequence[Row]:
    """Workplaces of a clinic whose employees do not work any more: `id`, `user_id`, `employee_id`."""
    rows: Sequence[Row] = await db.fetch(
        "select w.id, w.user_id, w.employee_id from workplaces w join staff s on s.employee_id = w.employee_id"
        " and s.clinic_id = w.clinic_id where w.clinic_id = $1 and (s.status <> 'APPROVED' or not s.is_active)"
        " order by w.id for update of w",
        clinic_id,
    )
    return rows


async def of_employee(db: Connection, employee_id: UUID) -> Sequence[Row]:
    """Workplaces of one employee, locked; at most one."""
    rows: Sequence[Row] = await db.fetch(
        "select id, user_id, employee_id from workplaces where employee_id = $1 order by id for update", employee_id
    )
    return rows


async def end(db: Connection, workplace_id: UUID, at: datetime, reason: str) -> list[UUID]:
    """Close a workplace: nobody can choose it any more. Returns the user who was at it, or nobody."""
    rows = await db.fetch("update users set workplace_id = null where workplace_id = $1 returning id", workplace_id)
    await db.execute(
        "with gone as (delete from workplaces where id = $1 returning id, user_id, clinic_id, role, employee_id)"
        " insert into former_workplaces (id, user_id, clinic_id, role, employee_id, ended_at, reason)"
        " select id, user_id, clinic_id, role, employee_id, $2, $3 from gone",
        workplace_id,
        at,
        reason,
    )
    return [row["id"] for row in rows]


async def has_any(db: Connection, user_id: UUID) -> bool:
    """Does the user work anywhere here."""
    found: bool = await db.fetchval("select exists (select from workplaces where user_id = $1)", user_id)
    return found


async def drop_token(db: Connection, user_id: UUID, clinic_id: UUID) -> None:
    """Forget central's token: what it allowed is over."""
    await db.execute("delete from central_tokens where user_id = $1 and clinic_id = $2", user_id, clinic_id)


async def move(db: Connection, clinic_id: UUID) -> list[UUID]:
    """Take positions and divisions over from central's employees; return the workplaces that changed."""
    rows = await db.fetch(
        "update workplaces w set role = s.role, division_id = s.division_id, division_name = s.division_name"
        " from staff s where s.employee_id = w.employee_id and s.clinic_id = w.clinic_id and w.clinic_id = $1"
        " and (w.role, w.division_id, w.division_name) is distinct from (s.role, s.division_id, s.division_name)"
        " returning w.id",
        clinic_id,
    )
    return [row["id"] for row in rows]


async def positions(db: Connection, clinic_id: UUID) -> Sequence[Row]:
    """Workplaces of a clinic with the words of the position, and the code that central has for it."""
    rows: Sequence[Row] = await db.fetch(
        "select w.id, w.position, s.position as code from workplaces w join staff s on s.employee_id = w.employee_id"
        " where w.clinic_id = $1",
        clinic_id,
    )
    return rows


async def rename(db: Connection, workplace_id: UUID, position: str) -> None:
    await db.execute("update workplaces set position = $2 where id = $1", workplace_id, position)


async def wait_turn(db: Connection, tax_id: str) -> None:
    """One workplace of a person is made at a time: two clinics may hire somebody at once."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('staff:' || $1, 0))", tax_id)


async def user_of(db: Connection, tax_id: str, email: str) -> Row | None:
    """The user of a person: by tax number, else by address: `id`, `email`, `tax_id`, `is_active`."""
    found: Row | None = await db.fetchrow(
        "select id, email, tax_id, is_active from users where plain_number(tax_id) = plain_number($1)"
        " or lower(email) = lower($2)"
        " order by is_active desc, (plain_number(tax_id) is not distinct from plain_number($1)) desc,"
        " (lower(email) = lower($2)) desc, inserted_at, id limit 1",
        tax_id,
        email,
    )
    return found


async def set_tax_id(db: Connection, user_id: UUID, tax_id: str) -> None:
    await db.execute("update users set tax_id = $2 where id = $1 and tax_id is null", user_id, tax_id)


async def has_password(db: Connection, user_id: UUID) -> bool:
    """Does the user know their password; who was invited here and has not come yet does not."""
    found: bool = await db.fetchval(
        "select placeholder_at is distinct from password_set_at from users where id = $1", user_id
    )
    return found


async def mark_unknown(db: Connection, user_id: UUID) -> None:
    """Nobody knows the password that the user has now."""
    await db.execute("update users set placeholder_at = password_set_at where id = $1", user_id)


async def begin(db: Connection, workplace_id: UUID, now: datetime) -> None:
    """Write since when somebody works here: what they did before is nobody's business."""
    await db.execute("update workplaces set since = $2 where id = $1", workplace_id, now)


async def workplace_of(db: Connection, employee_id: UUID) -> UUID | None:
    """The user who has the workplace of an employee."""
    found: UUID | None = await db.fetchval("select user_id from workplaces where employee_id = $1", employee_id)
    return found


async def known_employees(db: Connection, clinic_id: UUID) -> set[UUID]:
    """Employees of a clinic that have or had a workplace here."""
    rows = await db.fetch(
        "select employee_id from workplaces where clinic_id = $1"
        " union select employee_id from former_workplaces where clinic_id = $1",
        clinic_id,
    )
    return {row["employee_id"] for row in rows}


async def add_link(db: Connection, digest: bytes, user_id: UUID, now: datetime) -> None:
    """A new link; earlier ones of the user lead nowhere from here on."""
    await db.execute("delete from staff_invitations where user_id = $1 and used_at is null", user_id)
    await insert(db, "staff_invitations", digest=digest, user_id=user_id, sent_at=now)


async def link(db: Connection, digest: bytes, *, lock: bool = False) -> Row | None:
    """A link with its user; `lock` makes a second click wait. None when there is none, or its user has left."""
    found: Row | None = await db.fetchrow(
        "select i.user_id, i.sent_at, i.used_at, u.placeholder_at is not distinct from u.password_set_at as is_wanted"
        " from staff_invitations i join users u on u.id = i.user_id where i.digest = $1 and u.is_active"
        + " for update of i"
        * lock,
        digest,
    )
    return found


async def use_link(db: Connection, digest: bytes, user_id: UUID, now: datetime) -> None:
    """The user has chosen a password by this link."""
    await db.execute("update staff_invitations set used_at = $2 where digest = $1", digest, now)
    await db.execute("update users set placeholder_at = null where id = $1", user_id)


async def access_of(db: Connection, clinic_id: UUID, employee_id: UUID) -> Access:
    """How an employee comes in, and what they have not delivered; their user is looked for among the former too."""
    row = await db.fetchrow(
        "select u.id, u.email, w.user_id is not null as works,"
        " (select max(at) from sign_ins s where s.user_id = u.id and s.outcome = 'accepted'"
        "   and s.at >= coalesce(w.since, '-infinity')) as last_at,"
        " (select max(sent_at) from staff_invitations i where i.user_id = u.id and i.used_at is null"
        "   and u.placeholder_at is not distinct from u.password_set_at) as invited_at"
        " from (select user_id, 0 as place from workplaces where employee_id = $1"
        "   union all select user_id, 1 from former_workplaces where employee_id = $1 order by place limit 1) f"
        " join users u on u.id = f.user_id"
        " left join workplaces w on w.employee_id = $1 and w.user_id = u.id",
        employee_id,
    )
    if row is None:
        return Access()
    waiting = await undelivered(db, row["id"], clinic_id)
    if not row["works"]:
        return Access(waiting=waiting)
    return Access(row["id"], row["email"], row["last_at"], row["invited_at"], waiting)


async def undelivered(db: Connection, user_id: UUID, clinic_id: UUID) -> list[Waiting]:
    """Documents of a user that central does not have, the oldest first."""
    rows = await db.fetch(
        "select title, state, signed_field, service_date, updated_at from documents where user_id = $1"
        " and clinic_id = $2 and state not in ('accepted', 'discarded') order by created_at limit 200",
        user_id,
        clinic_id,
    )
    return [as_model(Waiting, row) for row in rows]


async def clinic_name(db: Connection, clinic_id: UUID) -> str:
    found: str = await db.fetchval("select name from clinics where id = $1", clinic_id)
    return found
