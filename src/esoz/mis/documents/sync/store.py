"""Documents in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.spelling import plain_name
from esoz.mis.base.section import Consent

from .model import LEASE, NEVER_LATER, Document, State, Wanted


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Counters of a user at a clinic. `threatened`: records not accepted yet that a payment depends on; `to_sign`:
    things of all sections that wait for the signature."""

    sent_today: int
    begun_today: int
    ready: int
    drafts: int
    under_way: int
    refused: int
    threatened: int
    overdue: int
    first_service_date: date | None
    to_sign: int


READY = "select count(*) from documents where user_id = $1 and clinic_id = $2 and state = 'ready' and not is_blank"


async def add(db: Connection, **columns: object) -> None:
    await insert(db, "documents", **columns)


async def find(db: Connection, document_id: UUID, *, lock: bool = False) -> Document | None:
    row = await db.fetchrow(f"select * from documents where id = $1{' for update' if lock else ''}", document_id)
    return as_model(Document, row) if row else None


async def find_blank(db: Connection, user_id: UUID, clinic_id: UUID, episode_id: UUID | None, kind: str) -> UUID | None:
    """A draft of this user into which nothing was typed; locked, so that nobody begins with it at the same time."""
    found: UUID | None = await db.fetchval(
        "select id from documents where user_id = $1 and clinic_id = $2 and episode_id = $3 and kind = $4"
        " and is_blank and state = 'draft' order by created_at limit 1 for update",
        user_id,
        clinic_id,
        episode_id,
        kind,
    )
    return found


async def delete_blank(db: Connection, before: datetime) -> None:
    """Delete what was begun before then and left blank: any text that a browser still held is over by now."""
    await db.execute("delete from documents where is_blank and state = 'draft' and created_at <= $1", before)


async def change(db: Connection, document_id: UUID, **columns: object) -> Document:
    """Set columns; return the document as it is now."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    row = await db.fetchrow(f"update documents set {names} where id = $1 returning *", document_id, *columns.values())
    return as_model(Document, row)


async def note_move(
    db: Connection, document_id: UUID, at: datetime, before: State, after: State, *, user_id: UUID | None, note: str
) -> None:
    await insert(
        db,
        "document_moves",
        document_id=document_id,
        at=at,
        before=str(before),
        after=str(after),
        user_id=user_id,
        note=note[:2000],
    )


async def moves(db: Connection, document_id: UUID) -> Sequence[Row]:
    """The history of a document with the names of those who moved it, oldest first."""
    rows = await db.fetch(
        "select m.at, m.before, m.after, m.note, u.last_name, u.first_name, u.second_name from document_moves m"
        " left join users u on u.id = m.user_id where m.document_id = $1 order by m.number",
        document_id,
    )
    return [dict(row) for row in rows]


# Of one episode one document is sent at a time, in the order of their queueing, and none before the episode itself.
_IN_TURN = """
not exists (
    select from documents e where e.episode_id = d.episode_id and e.clinic_id = d.clinic_id and e.id <> d.id and (
        (e.kind = 'episode' and e.state not in ('accepted', 'discarded'))
        or (e.state in ('queued', 'sending', 'sent') and (e.queued_at, e.id) < (d.queued_at, d.id))
    )
)
"""


# What cannot be sent any more: its episode is closed, or will be before it. `kinds` stand in an open episode.
_STRANDED = """
d.kind = any({kinds}) and d.state in ('draft', 'ready', 'refused') and exists (
    select from documents e where e.episode_id = d.episode_id and e.clinic_id = d.clinic_id
    and e.kind = 'episode_close' and e.state in ('queued', 'sending', 'sent', 'accepted')
)
"""


async def is_stranded(db: Connection, document_id: UUID, kinds: Collection[str]) -> bool:
    where = _STRANDED.format(kinds="$2")
    found: bool = await db.fetchval(
        f"select exists (select from documents d where d.id = $1 and {where})", document_id, list(kinds)
    )
    return found


async def claim(db: Connection, now: datetime, *, limit: int) -> list[tuple[State, Document]]:
    """Take documents that are due, with the states they were in; nobody else gets them until the lease ends."""
    rows = await db.fetch(
        "with due as materialized (select d.id, d.state as before_ from documents d"
        " where d.state in ('queued', 'sending', 'sent')"
        f" and (d.next_at <= $1 or d.next_at > $4) and (d.state <> 'queued' or {_IN_TURN})"
        " order by d.next_at limit $3 for update skip locked)"
        " update documents d set next_at = $2, state = case when d.state = 'queued' then 'sending' else d.state end,"
        " attempts = d.attempts + (d.state <> 'sent')::int from due where d.id = due.id returning d.*, due.before_",
        now,
        now + LEASE,
        limit,
        now + NEVER_LATER,
    )
    return [(State(row["before_"]), as_model(Document, _without(row, "before_"))) for row in rows]


def _without(row: Row, name: str) -> Mapping[str, Any]:
    return {key: value for key, value in row.items() if key != name}


async def hold(db: Connection, document_id: UUID, next_at: datetime, waits_for: str) -> None:
    """Leave the document where it is until later."""
    await db.execute("update documents set next_at = $2, waits_for = $3 where id = $1", document_id, next_at, waits_for)


async def counts(
    db: Connection,
    user_id: UUID,
    clinic_id: UUID,
    *,
    day: tuple[datetime, datetime],
    safe: date,
    to_sign: Collection[str],
) -> QueueCounts:
    """Counters of a user; `day`: from and to, `safe`: service days before it can no longer be paid for, `to_sign`: SQL
    of the sections' own counts."""
    row = await db.fetchrow(
        f"""
        select
            count(*) filter (where state = 'accepted' and settled_at >= $3 and settled_at < $4)::int as sent_today,
            count(*) filter (where state <> 'discarded' and (created_at >= $3 and created_at < $4
                or settled_at >= $3 and settled_at < $4))::int as begun_today,
            count(*) filter (where state = 'ready')::int as ready,
            count(*) filter (where state = 'draft')::int as drafts,
            count(*) filter (where state in ('queued', 'sending', 'sent'))::int as under_way,
            count(*) filter (where state = 'refused')::int as refused,
            count(*) filter (where unpaid)::int as threatened,
            count(*) filter (where unpaid and service_date < $5)::int as overdue,
            min(service_date) filter (where unpaid and service_date >= $5) as first_service_date,
            ({" + ".join(f"({each})" for each in to_sign) or 0})::int as to_sign
        from (select *, service_date is not null and state not in ('accepted', 'discarded') as unpaid
            from documents where user_id = $1 and clinic_id = $2 and not is_blank) mine
        """,
        user_id,
        clinic_id,
        *day,
        safe,
    )
    return as_model(QueueCounts, row)


async def listed(db: Connection, user_id: UUID, clinic_id: UUID, wanted: Wanted, *, page: Page) -> Paged:
    """Documents of a user with their patients' names, the newest first."""
    found = await _wanted(user_id, clinic_id, wanted).page(db, page, order=_NEWEST)
    return replace(found, rows=[dict(row) for row in found.rows])


async def whole(db: Connection, user_id: UUID, clinic_id: UUID, wanted: Wanted, *, limit: int) -> Sequence[Row]:
    """The same list, not in pages."""
    return await _wanted(user_id, clinic_id, wanted).rows(db, order=_NEWEST, limit=limit)


_REASON = "coalesce(refusal->'faults'->0->>2, refusal->>'message')"  # what central says first
_NEWEST = "updated_at desc, id"


async def choices(db: Connection, user_id: UUID, clinic_id: UUID) -> tuple[Sequence[str], Mapping[str, Any]]:
    """What a user's list can be narrowed to: titles, and refusals that stand now by central's words."""
    row = await db.fetchrow(
        "select array_agg(distinct title) filter (where state <> 'discarded') as titles,"
        f" jsonb_object_agg({_REASON}, refusal) filter (where state = 'refused' and {_REASON} <> '') as reasons"
        " from documents where user_id = $1 and clinic_id = $2 and not is_blank",
        user_id,
        clinic_id,
    )
    return row["titles"] or (), row["reasons"] or {}


def _wanted(user_id: UUID, clinic_id: UUID, wanted: Wanted) -> Query:
    return (
        Query(
            "select d.id, d.title, d.code, d.signed_field, d.state, d.waits_for, d.refusal, d.updated_at,"
            " d.service_date, d.request_id, p.last_name, p.first_name, p.second_name from documents d"
            " left join patients p on p.person_id = d.patient_id and p.clinic_id = d.clinic_id"
        )
        .where("d.user_id = {} and d.clinic_id = {} and not d.is_blank", user_id, clinic_id)
        .where("d.state = any({})", sorted(wanted.states))
        .where_given("starts_with(plain_name(p.last_name), {})", plain_name(wanted.name) or None)
        .where_given("(d.service_date is not null) = {}", wanted.unpaid or None)
        .where_given("d.title = {}", wanted.title or None)
        .where_given(f"d.state = 'refused' and {_REASON} = any({{}})", wanted.reasons)
        .where_given("d.updated_at >= {}", wanted.since)
        .where_given("d.updated_at < {}", wanted.until)
    )


async def ids_in(db: Connection, user_id: UUID, clinic_id: UUID, state: State, *, limit: int) -> list[UUID]:
    """Documents of a user in one state, the oldest first."""
    rows = await db.fetch(
        "select id from documents where user_id = $1 and clinic_id = $2 and state = $3 order by created_at limit $4",
        user_id,
        clinic_id,
        str(state),
        limit,
    )
    return [row["id"] for row in rows]


async def of_episode(db: Connection, clinic_id: UUID, episode_id: UUID) -> list[Document]:
    """The clinic's documents of one episode, the newest first."""
    rows = await db.fetch(
        "select * from documents where clinic_id = $1 and episode_id = $2 and state <> 'discarded' and not is_blank"
        " order by created_at desc",
        clinic_id,
        episode_id,
    )
    return [as_model(Document, row) for row in rows]


async def of_patient(db: Connection, clinic_id: UUID, patient_id: UUID, kind: str) -> list[Document]:
    """The clinic's unsettled documents of one kind about a patient."""
    rows = await db.fetch(
        "select * from documents where clinic_id = $1 and patient_id = $2 and kind = $3"
        " and state not in ('accepted', 'discarded') order by created_at desc",
        clinic_id,
        patient_id,
        kind,
    )
    return [as_model(Document, row) for row in rows]


async def signed_before(db: Connection, document: Document) -> Document | None:
    """The newest signed document of a kind about a patient, of the same clinic and begun before this one."""
    row = await db.fetchrow(
        "select * from documents where clinic_id = $1 and patient_id = $2 and kind = $3 and id <> $4"
        " and created_at <= $5 and state in ('queued', 'sending', 'sent', 'accepted')"
        " order by created_at desc limit 1",
        document.clinic_id,
        document.patient_id,
        document.kind,
        document.id,
        document.created_at,
    )
    return as_model(Document, row) if row else None


async def values_of_newest(db: Connection, user_id: UUID, clinic_id: UUID, kind: str, *, limit: int) -> dict[str, int]:
    """How often each value stands in the forms of a user's newest documents of a kind; long texts are left out."""
    rows = await db.fetch(
        "select f.value, count(*)::int as times from (select form from documents where user_id = $1 and clinic_id = $2"
        " and kind = $3 and not is_blank and state <> 'discarded' order by updated_at desc limit $4) newest,"
        " jsonb_each_text(newest.form) f where length(f.value) < 20 group by f.value",
        user_id,
        clinic_id,
        kind,
        limit,
    )
    return {row["value"]: row["times"] for row in rows}


async def wake(db: Connection, consent: Consent, now: datetime) -> None:
    """Documents that waited for this consent go on at once."""
    await db.execute(
        "update documents set next_at = $3, waits_for = '' where user_id = $1 and clinic_id = $2"
        " and waits_for = 'consent'",
        consent.user_id,
        consent.clinic_id,
        now,
    )


async def under_way(db: Connection, consents: Sequence[Consent]) -> list[Consent]:
    """Those of these consents with which documents are under way to central."""
    rows = await db.fetch(
        "select distinct user_id, clinic_id from documents where state in ('queued', 'sending', 'sent')"
        " and (user_id, clinic_id) in (select * from unnest($1::uuid[], $2::uuid[]))",
        [each.user_id for each in consents],
        [each.clinic_id for each in consents],
    )
    return [Consent(row["user_id"], row["clinic_id"]) for row in rows]


async def waiting_for_central(db: Connection, now: datetime) -> int:
    """How many documents of everybody wait: central does not answer, or nobody has carried them for a whole lease."""
    found: int = await db.fetchval(
        "select count(*)::int from documents where waits_for = 'central'"
        " or (state in ('sending', 'sent') and next_at < $1)",
        now - LEASE,
    )
    return found
