"""Users, clinics, workplaces and tries to sign in, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row, as_model, insert
from esoz.kernel.pages.sessions import Joined
from esoz.mis.base.workplace import Worker, Workplace

from .model import Previous, Try

_PLACE = (
    "select w.id, w.clinic_id, c.name as clinic_name, c.type as clinic_type, w.role, w.employee_id, w.division_id,"
    " w.division_name, w.position from workplaces w join clinics c on c.id = w.clinic_id"
)


# A user with the chosen workplace first and after it whatever else they are at the same clinic, a row for each.
_USER = (
    "u.id as worker_id, u.last_name, u.first_name, u.second_name, u.tax_id,"
    " (select count(distinct clinic_id) > 1 or count(*) > count(distinct (clinic_id, role))"
    " from workplaces where user_id = u.id) as has_choice, w.id, w.clinic_id, c.name as clinic_name,"
    " c.type as clinic_type, w.role, w.employee_id, w.division_id, w.division_name, w.position"
)
_PLACES = (
    " left join workplaces chosen on chosen.id = u.workplace_id"
    " left join workplaces w on w.user_id = chosen.user_id and w.clinic_id = chosen.clinic_id"
    " left join clinics c on c.id = w.clinic_id"
)
_CHOSEN_FIRST = " order by w.id <> chosen.id, w.position, w.id"
OF_SESSION = Joined(
    f", {_USER}",
    f" left join users u on u.id = s.user_id and u.is_active{_PLACES}",
    _CHOSEN_FIRST,
)


async def worker(db: Connection, user_id: UUID) -> Worker | None:
    """The user with their present workplace; None when they may not sign in any more."""
    rows = await db.fetch(
        f"select {_USER} from users u{_PLACES} where u.id = $1 and u.is_active{_CHOSEN_FIRST}",
        user_id,
    )
    return read_worker(rows) if rows else None


def read_worker(rows: Sequence[Row]) -> Worker | None:
    """The user of the rows; None when they may not sign in any more."""
    user = rows[0]
    if user["worker_id"] is None:
        return None
    places = [Workplace(**{name: row[name] for name in Workplace.__slots__}) for row in rows if row["id"]]
    return Worker(
        user["worker_id"],
        user["last_name"],
        user["first_name"],
        user["second_name"],
        user["tax_id"],
        places[0] if places else None,
        others=tuple(places[1:]),
        has_choice=user["has_choice"],
    )


_IN_ORDER = 'ukrainian_key(c.name) collate "C", ukrainian_key(w.position) collate "C", w.id'


async def workplaces(db: Connection, user_id: UUID) -> list[Workplace]:
    rows = await db.fetch(f"{_PLACE} where w.user_id = $1 order by {_IN_ORDER}", user_id)
    return [as_model(Workplace, row) for row in rows]


async def choose(db: Connection, user_id: UUID, workplace_id: UUID | None) -> None:
    await db.execute("update users set workplace_id = $2 where id = $1", user_id, workplace_id)


_SHOWN = "at, outcome, address, device, method"
_TRY = f"select {_SHOWN} from sign_ins where user_id = $1 and outcome not in ('lifted', 'passed')"


async def tries(db: Connection, user_id: UUID, limit: int) -> list[Try]:
    """The newest tries of a user."""
    rows = await db.fetch(f"{_TRY} order by number desc limit $2", user_id, limit)
    return [as_model(Try, row) for row in rows]


async def previous(db: Connection, user_id: UUID, limit: int) -> Previous:
    """The success before the present one, and what failed after it, the newest first."""
    before = await db.fetchrow(
        f"select number, {_SHOWN} from sign_ins where user_id = $1 and outcome = 'accepted'"
        " order by number desc offset 1 limit 1",
        user_id,
    )
    failed = await db.fetch(
        f"{_TRY} and outcome <> 'accepted' and number > $2 order by number desc limit $3",
        user_id,
        before["number"] if before else 0,
        limit,
    )
    return Previous(as_model(Try, before) if before else None, [as_model(Try, row) for row in failed])


async def failing(db: Connection, clinic_id: UUID, since: datetime) -> Sequence[Row]:
    """People of a clinic with wrong tries since their last success: names, counter, and the moments, oldest first."""
    rows: Sequence[Row] = await db.fetch(
        """
        select u.id, u.last_name, u.first_name, u.second_name, s.counter, array_agg(s.at order by s.number) as wrong
        from users u join sign_ins s on s.user_id = u.id
        where u.id in (select user_id from workplaces where clinic_id = $1) and s.outcome = 'wrong' and s.at > $2
          and s.number > coalesce((select max(number) from sign_ins a where a.user_id = u.id
              and a.counter = s.counter and a.outcome in ('accepted', 'asked', 'passed', 'lifted')), 0)
        group by u.id, s.counter order by ukrainian_key(u.last_name || ' ' || u.first_name) collate "C", u.id, s.counter
        """,
        clinic_id,
        since,
    )
    return rows


async def colleague_email(db: Connection, user_id: UUID, clinic_id: UUID) -> str | None:
    """The address of somebody who works at a clinic; None of anybody else."""
    found: str | None = await db.fetchval(
        "select email from users u where id = $1 and exists"
        " (select from workplaces w where w.user_id = u.id and w.clinic_id = $2)",
        user_id,
        clinic_id,
    )
    return found


async def add_user(db: Connection, **columns: object) -> None:
    await insert(db, "users", **columns)


async def add_clinic(db: Connection, **columns: object) -> None:
    await insert(db, "clinics", **columns)


async def add_workplace(db: Connection, **columns: object) -> None:
    await insert(db, "workplaces", **columns)


async def other_sessions(db: Connection, user_id: UUID, present: bytes) -> bool:
    """Is the user signed in at another browser too."""
    found: bool = await db.fetchval(
        "select exists (select from sessions where user_id = $1 and id <> $2)", user_id, present
    )
    return found
