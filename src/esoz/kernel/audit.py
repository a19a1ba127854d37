"""The audit log: written in the transaction of the act, chained afterwards so that any change is found out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec

from . import logs
from .act import write_later
from .clock import new_id
from .db import Connection, Database, execute_many
from .together import Together
from .work import Actor, AuditEntry

_Row: TypeAlias = tuple[object, ...]  # the values of COLUMNS

GENESIS = bytes(32)
BATCH = 1000
COLUMNS = [
    "id",
    "at",
    "request_id",
    "operation",
    "event",
    "resource_id",
    "patient_id",
    "user_id",
    "client_id",
    "mis_id",
    "person_id",
    "outcome",
    "facts",
]


@dataclass(frozen=True, slots=True)
class AuditContext:
    """What is common to all lines of one request."""

    at: datetime
    request_id: str
    operation: str
    actor: Actor


async def write(db: Connection, about: AuditContext, lines: Sequence[AuditEntry], *, outcome: str = "done") -> None:
    """Write the lines of one act in one statement; `outcome` is `done` or the error type of a refusal."""
    await _insert(db, _rows(about, lines, outcome))


class Ledger:
    """Lines of requests that open no transaction of their own: those of requests at the same time in one commit.

    Whoever writes goes on when the lines are durable, so no answer leaves without its line.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Together[Sequence[_Row], None] = Together(self._commit)

    async def write(self, about: AuditContext, lines: Sequence[AuditEntry], *, outcome: str = "done") -> None:
        """As the function `write`, in a transaction that others may share. Raises Unavailable and database faults."""
        await self._together.ask(_rows(about, lines, outcome))

    async def _commit(self, requests: Sequence[Sequence[_Row]]) -> Sequence[None]:
        async with self._database.connection() as db:
            await _insert(db, [row for rows in requests for row in rows])
        return [None] * len(requests)


def _rows(about: AuditContext, lines: Sequence[AuditEntry], outcome: str) -> list[_Row]:
    actor = about.actor
    # Who speaks for a patient is told apart from them in every line.
    speaker = {"applicant": str(actor.applicant_id)} if actor.applicant_id else {}
    return [
        (
            new_id(),
            about.at,
            about.request_id,
            about.operation,
            line.event,
            line.resource_id,
            line.patient_id,
            actor.user_id,
            actor.client_id,
            actor.mis_id,
            actor.person_id,
            outcome,
            {**line.facts, **speaker} or None,
        )
        for line in lines
    ]


async def _insert(db: Connection, rows: Sequence[_Row]) -> None:
    if len(rows) == 1:
        await write_later(db, _ONE, *rows[0])
    else:
        await write_later(db, _MANY, *(list(column) for column in zip(*rows, strict=True)))


_TYPES = ("uuid", "timestamptz", *["text"] * 4, *["uuid"] * 5, "text", "jsonb")
# The pending row tells the chain which lines are new; both are written or neither is.
_PENDING = "returning id, at) insert into audit_pending (event_id, at) select id, at from line"
_ONE = f"""
with line as (
    insert into audit_events ({", ".join(COLUMNS)})
    values ({", ".join(f"${number}" for number in range(1, len(COLUMNS) + 1))}) {_PENDING}
"""
_MANY = f"""
with line as (
    insert into audit_events ({", ".join(COLUMNS)})
    select * from unnest({", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_TYPES, 1))}) {_PENDING}
"""


def link(previous: bytes, line: bytes) -> bytes:
    """The hash that ties a line to the one before it."""
    return hashlib.sha256(previous + line).digest()


def canonical(row: Sequence[object]) -> bytes:
    """The bytes of a line that are hashed: its columns in the order of COLUMNS, as JSON."""
    return msgspec.json.encode(row, order="sorted")


async def chain(db: Connection, *, batch: int = BATCH) -> int:
    """Tie new lines to the chain; return how many. Call inside a transaction; one chainer at a time."""
    await db.execute("select pg_advisory_xact_lock(hashtext('audit_chain'))")
    pending = await db.fetch("select event_id, at from audit_pending order by at, event_id limit $1", batch)
    if not pending:
        return 0
    last = await db.fetchrow("select number, hash from audit_chain order by number desc limit 1")
    number, previous = (last["number"], last["hash"]) if last else (0, GENESIS)
    ids = [row["event_id"] for row in pending]
    lines = await _lines(db, ids, pending[0]["at"], pending[-1]["at"])
    links = []
    for event_id, at in ((row["event_id"], row["at"]) for row in pending):
        number, previous = number + 1, link(previous, lines[event_id])
        links.append((number, event_id, at, previous))
    await execute_many(db, "insert into audit_chain (number, event_id, at, hash) values ($1, $2, $3, $4)", links)
    await db.execute("delete from audit_pending where event_id = any($1)", ids)
    return len(links)


async def _lines(db: Connection, ids: Sequence[UUID], first: datetime, last: datetime) -> dict[UUID, bytes]:
    rows = await db.fetch(
        f"select {', '.join(COLUMNS)} from audit_events where id = any($1) and at between $2 and $3",
        ids,
        first,
        last,
    )
    return {row["id"]: canonical(list(row.values())) for row in rows}


async def verify_chain(db: Connection, *, batch: int = 5000) -> int:
    """Recompute the chain; return the number of lines checked, raise ValueError naming the first broken link."""
    checked, previous = 0, GENESIS
    while True:
        links = await db.fetch(
            "select number, event_id, at, hash from audit_chain where number > $1 order by number limit $2",
            checked,
            batch,
        )
        if not links:
            return checked
        moments = [row["at"] for row in links]
        lines = await _lines(db, [row["event_id"] for row in links], min(moments), max(moments))
        for row in links:
            checked += 1
            line = lines.get(row["event_id"])
            if row["number"] != checked or line is None or link(previous, line) != row["hash"]:
                raise ValueError(f"Audit chain is broken at line {checked}")
            previous = row["hash"]


async def make_partitions(db: Connection, now: datetime, *, months: int = 3) -> None:
    """Make the partitions of this month and the next ones; those that exist stay.

    Lines of such a month that lie in the default partition, written while a clock was wrong, are moved out of it.
    """
    first = now.date().replace(day=1)
    for _ in range(months):
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        made = (
            f"create table if not exists audit_events_{first:%Y_%m} partition of audit_events"
            f" for values from ('{first}') to ('{following}')"
        )
        try:
            async with db.transaction():
                await db.execute(made)
        except asyncpg.CheckViolationError:
            logs.alarm("lines of the audit log were written for a month that had not come", month=f"{first:%Y-%m}")
            async with db.transaction():
                await _move_out(db, made, first, following)
        first = following


async def _move_out(db: Connection, made: str, first: date, following: date) -> None:
    """Take the default partition off, for only then its lines may be moved, and put it back without them."""
    await db.execute("set local lock_timeout = 3000")
    await db.execute("alter table audit_events detach partition audit_events_rest")
    await db.execute(made)
    span = f"at >= '{first}' and at < '{following}'"
    await db.execute(f"insert into audit_events select * from audit_events_rest where {span}")
    await db.execute(f"delete from audit_events_rest where {span}")
    await db.execute("alter table audit_events attach partition audit_events_rest default")
