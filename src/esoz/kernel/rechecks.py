"""Signatures accepted while the trust provider was away: the provider is asked again until it answers (SG-9)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from . import audit, documents, logs
from .act import write_later
from .clock import Clock
from .db import Connection, Database, Page, Paged, Query, Row
from .errors import NotFound, Problem, StoreUnavailable
from .loops import poll
from .metrics import RECHECKS
from .states import move
from .work import NOBODY, Dependencies, Signer, Work

# SG-9: every 300 seconds, up to 12 times. The pause doubles up to six hours here, so that a provider
# may be away for two days and not for an hour only.
FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = timedelta(seconds=300), timedelta(hours=6), 12
BATCH = 20
IDLE_SECONDS = 30.0
FOLDER, CHECKS = "unproven_documents", "signature_checks"


class Event(StrEnum):
    """What the audit log tells of late proofs."""

    LISTED = "signature_rechecks.read"
    READ = "signature_recheck.read"
    PROVEN = "signature.proven_later"
    REVOKED = "signature.revoked_before_signing"
    UNANSWERED = "signature.left_unproven"
    ASKED_AGAIN = "signature.asked_again"


class State(StrEnum):
    WAITING = "WAITING"
    PROVEN = "PROVEN"
    REVOKED = "REVOKED"  # the certificate had been revoked before the document was signed
    UNANSWERED = "UNANSWERED"


MOVES = {
    State.WAITING: frozenset({State.PROVEN, State.REVOKED, State.UNANSWERED}),
    State.UNANSWERED: frozenset({State.WAITING}),  # an administrator has it asked again
    State.PROVEN: frozenset[State](),
    State.REVOKED: frozenset[State](),
}
_EVENTS = {State.PROVEN: Event.PROVEN, State.REVOKED: Event.REVOKED, State.UNANSWERED: Event.UNANSWERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One document whose signature is to be proven later; `digest` is SHA-256 of it.

    `accepted_at` is the moment by which it was judged, `acted_at` that of the act: a job is performed after it came.
    """

    digest: str
    object_name: str
    state: State
    serial_number: str
    issuer: str
    signer: str
    user_id: UUID | None
    client_id: UUID | None
    accepted_at: datetime
    tries: int
    next_at: datetime | None
    answered_at: datetime | None
    revoked_since: datetime | None
    acted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a later question proved of a document; `revoked_since` when a certificate was revoked before it signed."""

    is_proven: bool = False
    revoked_since: datetime | None = None
    check: bytes = b""


class Asking(Protocol):
    """Asks a provider anew."""

    async def recheck(self, document: bytes, *, accepted_at: datetime, now: datetime) -> Rechecked:
        """What is known now of a document accepted then; raises Problem when it is no longer believed at all."""


Tell = Callable[[Work, Recheck], Awaitable[None]]  # what else follows when a certificate turns out revoked
_COLUMNS = ", ".join(Recheck.__dataclass_fields__)


async def note(work: Work, document: bytes, digest: str, signer: Signer) -> None:
    """Remember, in the transaction of the act, that a signature is still to be proven; once for a document."""
    await write_later(
        work.db,
        """
        insert into signature_rechecks (digest, object_name, state, serial_number, issuer, signer, user_id, client_id,
                                        accepted_at, acted_at, next_at)
        values ($1, $2, 'WAITING', $3, $4, $5, $6, $7, $8, $9, $10) on conflict (digest) do nothing
        """,
        digest,
        await documents.keep(work.db, FOLDER, document),
        signer.serial_number,
        signer.issuer,
        f"{signer.surname} {signer.given_name}".strip(),
        work.actor.user_id,
        work.actor.client_id,
        work.now,
        work.performed_at,
        work.performed_at + FIRST_PAUSE,
    )


async def listed(
    db: Connection, page: Page, *, text: str | None = None, state: State | None = None
) -> tuple[list[Recheck], Paged]:
    """A page of documents, the last accepted first; `text` is a part of signer, issuer, serial number or digest."""
    query = Query(f"select {_COLUMNS} from signature_rechecks")
    query.where_given("state = {}", None if state is None else state.value)
    query.where_given(
        "strpos(plain_name(concat_ws(' ', signer, issuer, serial_number, digest)), plain_name({})) > 0", text
    )
    paged = await query.page(db, page, order="accepted_at desc, digest")
    return [_recheck(row) for row in paged.rows], paged


async def find(db: Connection, digest: str, *, lock: bool = False) -> Recheck:
    """One document; raise NotFound."""
    row = await db.fetchrow(
        f"select {_COLUMNS} from signature_rechecks where digest = $1" + (" for update" if lock else ""), digest
    )
    if row is None:
        raise NotFound()
    return _recheck(row)


async def acts_with(db: Connection, found: Recheck) -> Sequence[Row]:
    """What was done with the document when it was accepted: the audit lines of that very act."""
    rows: Sequence[Row] = await db.fetch(
        "select operation, event, resource_id from audit_events"
        " where at = $1 and user_id is not distinct from $2 and client_id is not distinct from $3 order by id limit 50",
        found.acted_at or found.accepted_at,
        found.user_id,
        found.client_id,
    )
    return rows


async def ask_again(work: Work, digest: str) -> None:
    """Have a provider that never answered asked anew; raise NotFound, Conflict."""
    found = await find(work.db, digest, lock=True)
    move(MOVES, found.state, State.WAITING)
    await work.db.execute(
        "update signature_rechecks set state = 'WAITING', tries = 0, next_at = $2, answered_at = null"
        " where digest = $1",
        digest,
        work.now,
    )
    work.record(Event.ASKED_AGAIN, digest)


def _recheck(row: Row) -> Recheck:
    return Recheck(**{name: row[name] for name in Recheck.__dataclass_fields__} | {"state": State(row["state"])})


class Rechecker:
    """Asks about due documents until it is told to stop. No transaction is open while a provider is asked.

    A document is put off before it is asked about: killed in between it is asked about at its next turn, and the
    answer is written once, for only a document that still waits is answered.
    """

    name = "rechecks of signatures"

    def __init__(
        self, database: Database, dependencies: Dependencies, verifier: Asking, clock: Clock, *, tell: Tell
    ) -> None:
        self.database, self.dependencies, self.verifier, self.clock, self._tell = (
            database,
            dependencies,
            verifier,
            clock,
            tell,
        )
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._turn, idle=IDLE_SECONDS, stopping=self._stopping)

    async def _turn(self) -> bool:
        """One batch; True when there may be another."""
        return await self.ask_due() == BATCH

    async def ask_due(self) -> int:
        """Ask about one batch of what is due; return how many were asked about."""
        due = await self._take_due()
        for found in due:
            if self._stopping.is_set():
                break
            answer = await self._ask(found)
            async with self.database.transaction() as db:
                await self._settle(Work(NOBODY, self.clock.now(), db, self.dependencies), found.digest, answer)
        return len(due)

    async def _take_due(self) -> list[Recheck]:
        async with self.database.transaction() as db:
            rows = await db.fetch(
                f"""
                update signature_rechecks set tries = tries + 1,
                    next_at = $1::timestamptz + least($2::interval * power(2, tries), $3::interval)
                where digest = any(array(select digest from signature_rechecks where state = 'WAITING'
                                 and (next_at <= $1 or next_at > $4)
                                 order by next_at limit {BATCH} for update skip locked))
                returning {_COLUMNS}
                """,
                self.clock.now(),
                FIRST_PAUSE,
                LONGEST_PAUSE,
                self.clock.now() + 2 * LONGEST_PAUSE,  # a clock was wrong when it was put off
            )
        return [_recheck(row) for row in rows]

    async def _ask(self, found: Recheck) -> Rechecked:
        try:
            async with self.database.connection() as db:
                document = await documents.read(db, self.dependencies.objects, found.object_name)
            return await self.verifier.recheck(document, accepted_at=found.accepted_at, now=self.clock.now())
        except StoreUnavailable:
            raise
        except Problem as fault:
            # The copy is not there, or no longer of anybody we trust: people have to look.
            logs.warning("a signature cannot be rechecked", digest=found.digest, fault=fault.message)
            return Rechecked()

    async def _settle(self, work: Work, digest: str, answer: Rechecked) -> None:
        found = await find(work.db, digest, lock=True)
        state = _state_after(found, answer)
        if found.state is not State.WAITING or state is State.WAITING:
            return
        if answer.check:
            await documents.keep(work.db, f"{CHECKS}/{digest}", answer.check)
        await work.db.execute(
            "update signature_rechecks set state = $2, answered_at = $3, revoked_since = $4, next_at = null"
            " where digest = $1",
            digest,
            move(MOVES, found.state, state).value,
            work.now,
            answer.revoked_since,
        )
        RECHECKS.labels(state.value).inc()
        work.record(_EVENTS[state], digest, tries=found.tries)
        if state is State.REVOKED:
            await self._tell(work, await find(work.db, digest))
        about = audit.AuditContext(work.now, str(work.new_id()), "signature recheck", NOBODY)
        await audit.write(work.db, about, work.recorded)


def _state_after(found: Recheck, answer: Rechecked) -> State:
    if answer.revoked_since is not None:
        return State.REVOKED
    if answer.is_proven:
        return State.PROVEN
    return State.UNANSWERED if found.tries >= MOST_TRIES else State.WAITING
