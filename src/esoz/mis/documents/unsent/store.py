"""Unsent work in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.spelling import plain_name

from .model import COUNTED, Backlog, Counts, Reminder

_UNSETTLED = "state not in ('accepted', 'discarded') and not is_blank"
_COUNTS = """
    count(*) filter (where state = 'draft')::int as drafts,
    count(*) filter (where state = 'ready')::int as ready,
    count(*) filter (where state in ('queued', 'sending', 'sent'))::int as under_way,
    count(*) filter (where state = 'refused')::int as refused,
    count(*) filter (where service_date is not null)::int as threatened,
    count(*) filter (where service_date < {safe})::int as overdue,
    min(created_at) as oldest,
    min(service_date) filter (where service_date >= {safe}) as first_service_date
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose backlog is asked for: of a clinic, by the beginning of a name; `safe`: service days before it are lost to
    payment, `to_sign`: SQL of the sections' own counts of user $1 at clinic $2."""

    clinic_id: UUID
    safe: date
    to_sign: Collection[str]
    name: str = ""


async def by_worker(db: Connection, asked: Asked, page: Page) -> Paged:
    """Workers with something unsent, those first whose payment is nearest to be lost, then the longest lists."""
    found = await _query(asked).page(db, page, order=_WORST)
    return replace(found, rows=[_backlog(row) for row in found.rows])


async def whole(db: Connection, asked: Asked, *, limit: int) -> list[Backlog]:
    """The same, not in pages."""
    return [_backlog(row) for row in await _query(asked).rows(db, order=_WORST, limit=limit)]


_WORST = "overdue desc, first_service_date nulls last, refused desc, drafts + ready + to_sign desc, last_name, user_id"


def _query(asked: Asked) -> Query:
    # The sections tell their SQL with numbers of parameters; here each row has its own user.
    ours = [each.replace("$1", "u.id").replace("$2", "w.clinic_id") for each in asked.to_sign]
    counted = ", ".join(f"coalesce(d.{name}, 0) as {name}" for name in COUNTED)
    inner = Query(
        f"select u.id as user_id, u.last_name, u.first_name, u.second_name, {counted}, d.oldest, d.first_service_date,"
        f" ({' + '.join(f'({each})' for each in ours) or 0})::int as to_sign"
        " from (select distinct user_id, clinic_id from workplaces union"
        f" select distinct user_id, clinic_id from documents where {_UNSETTLED}) w join users u on u.id = w.user_id"
    )
    inner.values.append(asked.safe)
    inner.select += (
        f" left join lateral (select {_COUNTS.format(safe='$1')} from documents"
        f" where clinic_id = w.clinic_id and user_id = u.id and {_UNSETTLED}) d on true"
    )
    inner.where("w.clinic_id = {}", asked.clinic_id)
    inner.where_given("starts_with(plain_name(u.last_name), {})", plain_name(asked.name) or None)
    found = Query(f"select * from ({inner.sql()}) backlog")
    found.values.extend(inner.values)
    return found.where("drafts + ready + under_way + refused + to_sign > 0")


def _backlog(row: Row) -> Backlog:
    return as_model(Backlog, {**_rest(row), "counts": _counts(row)})


def _rest(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in Backlog.__slots__}


def _counts(row: Row) -> Counts:
    return Counts(*(row[name] for name in COUNTED))


async def sums(db: Connection, clinic_id: UUID, safe: date) -> tuple[Counts, date | None]:
    """Of the whole clinic, with the first service day that can still be paid for."""
    row = await db.fetchrow(
        f"select {_COUNTS.format(safe='$2')} from documents where clinic_id = $1 and {_UNSETTLED}", clinic_id, safe
    )
    return _counts(row), row["first_service_date"]


async def take_reminders(db: Connection, day: date, safe: date, *, limit: int) -> list[Reminder]:
    """Mails of a day that nobody has taken yet; they are taken with this transaction."""
    rows: Sequence[Row] = await db.fetch(
        f"""
        with due as (
            select d.user_id, d.clinic_id, {_COUNTS.format(safe="$2")} from documents d
            where {_UNSETTLED} and state in ('draft', 'ready', 'refused')
                and exists (select from workplaces w where w.user_id = d.user_id and w.clinic_id = d.clinic_id)
                and not exists (select from unsent_mails_unwanted o where o.user_id = d.user_id)
                and not exists (select from unsent_mails m where m.user_id = d.user_id and m.clinic_id = d.clinic_id
                    and m.day = $1)
            group by d.user_id, d.clinic_id order by d.user_id limit $3
        ), taken as (
            insert into unsent_mails (user_id, clinic_id, day) select user_id, clinic_id, $1 from due
            on conflict do nothing returning user_id, clinic_id
        )
        select u.email, c.name as clinic_name, due.* from due join taken using (user_id, clinic_id)
        join users u on u.id = due.user_id join clinics c on c.id = due.clinic_id where u.is_active
        """,
        day,
        safe,
        limit,
    )
    return [Reminder(row["email"], row["clinic_name"], _counts(row), row["first_service_date"]) for row in rows]


async def forget_reminders(db: Connection, before: date) -> None:
    await db.execute("delete from unsent_mails where day < $1", before)


async def wants_mail(db: Connection, user_id: UUID) -> bool:
    found: bool = await db.fetchval("select not exists (select from unsent_mails_unwanted where user_id = $1)", user_id)
    return found


async def want_mail(db: Connection, user_id: UUID, now: datetime, *, is_wanted: bool) -> bool:
    """Switch the mail of a user on or off; False when it was so already."""
    if is_wanted:
        done = await db.fetchval("delete from unsent_mails_unwanted where user_id = $1 returning true", user_id)
    else:
        done = await db.fetchval(
            "insert into unsent_mails_unwanted (user_id, since) values ($1, $2) on conflict do nothing returning true",
            user_id,
            now,
        )
    return bool(done)
