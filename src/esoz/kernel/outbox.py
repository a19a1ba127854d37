"""Messages that leave the system (push, Viber, SMS, mail): written in the transaction of the act, sent afterwards."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from . import logs
from .act import insert_later
from .clock import Clock
from .db import Connection, Database, Row, execute_many
from .loops import AWAY, attempt, poll
from .metrics import MESSAGES
from .work import Work

MOST_ATTEMPTS = 12  # about a day with the pauses below
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=3)
IDLE_SECONDS = 0.5
AT_ONCE, KEPT_FOR_URGENT = 12, 4  # places of a channel, and how many of them ordinary messages never take
LONGEST_SECONDS = 60.0  # a sender that takes longer is not waited for
LEASE = timedelta(minutes=2)
ASK_SOON = timedelta(seconds=5)  # about what is urgent, the first time
LOOK_SECONDS = 5.0
ASK_EVERY = timedelta(minutes=1)  # OT-7
ASK_FOR = timedelta(days=1)  # what a provider has not told by then it never will
ASKED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent: `recipient` is a phone (+380…) for sms, an address for mail.

    `urgent`: somebody waits for it in front of a screen. `key`: the same for every copy of a message, so that a gateway
    can drop the second; it comes with the message from the outbox.
    """

    channel: str
    recipient: str
    body: str
    subject: str = ""
    urgent: bool = False
    key: str = ""


class Undeliverable(Exception):
    """The provider says that this recipient is not to be reached by it: nothing changes when it is tried again."""


# Gives a receipt when its provider tells of deliveries; raises ConnectionError or OSError when it was not handed over,
# Undeliverable when it never will be.
Sender = Callable[[Message], Awaitable[str | None]]


async def post(work: Work, message: Message) -> None:
    """Put a message in the outbox, in the transaction of the act."""
    await put(work.db, message, id=work.new_id(), now=work.now)


async def put(db: Connection, message: Message, *, id: UUID, now: datetime) -> None:
    """The same where there is no Work: in pages and background works."""
    await insert_later(
        db,
        "messages",
        id=id,
        channel=message.channel,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        status="waiting",
        urgent=message.urgent,
        next_at=now,
        inserted_at=now,
    )


async def withdraw(db: Connection, id: UUID) -> None:
    """A message that still waits is not sent any more. One whose fate is just being written down is left alone."""
    await db.execute(
        "update messages set status = 'withdrawn', body = '' where id in"
        " (select id from messages where id = $1 and status = 'waiting' for update skip locked)",
        id,
    )


class OutboxSender:
    """Takes waiting messages to their senders: each channel by itself, several at once, what is urgent first.

    No transaction is open meanwhile: a message is claimed for a while, and nobody else gets it until the claim ends. At
    least once: killed between sending and noting it is sent again, under the same key.
    """

    name = "messages"

    def __init__(self, database: Database, senders: Mapping[str, Sender], clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.channels = [_Channel(name, sender, database, clock) for name, sender in senders.items()]
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for channel in self.channels:
                group.create_task(channel.run(self._stopping))

    async def deliver(self) -> int:
        """Send what is due now, as much of it as goes at once; return how many."""
        found = [await channel.begin() for channel in self.channels]
        for channel in self.channels:
            await channel.finish()
        return sum(found)


class _Channel:
    """One way out, with its places: a gateway that hangs holds up no other, and ordinary messages no urgent one."""

    def __init__(self, name: str, sender: Sender, database: Database, clock: Clock) -> None:
        self.name, self.sender, self.database, self.clock = name, sender, database, clock
        self._under_way: dict[asyncio.Task[None], bool] = {}  # and whether it is urgent

    async def run(self, stopping: asyncio.Event) -> None:
        try:
            await poll(f"messages by {self.name}", self._turn, idle=IDLE_SECONDS, stopping=stopping)
        finally:
            await self.finish()

    async def _turn(self) -> bool:
        if len(self._under_way) >= AT_ONCE:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        return await self.begin() > 0

    async def begin(self) -> int:
        """Claim what is due as far as there are places, and begin to send it; return how many."""
        free = AT_ONCE - len(self._under_way)
        ordinary = AT_ONCE - KEPT_FOR_URGENT - sum(not urgent for urgent in self._under_way.values())
        async with self.database.connection() as db:
            rows = await _claim(db, self.name, self.clock.now(), free=free, ordinary=ordinary)
        for row in rows:
            task = asyncio.create_task(self._carry(row))
            self._under_way[task] = row["urgent"]
            task.add_done_callback(self._under_way.pop)
        return len(rows)

    async def finish(self) -> None:
        """Wait for those that are under way."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _carry(self, row: Row) -> None:
        message = Message(self.name, row["recipient"], row["body"], row["subject"], key=str(row["id"]))
        try:
            fault = await attempt("messages", self._send(row, message), channel=self.name)
        except AWAY as lost:  # not noted: it is sent again when the claim has ended
            logs.exception("what became of a message was not noted", lost, channel=self.name)
            return
        if fault is not None:
            with contextlib.suppress(*AWAY):
                await self._put_off(row, fault)

    async def _send(self, row: Row, message: Message) -> None:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                receipt = await self.sender(message)
        except Undeliverable:
            await self._give_up(row)
            return
        except (OSError, TimeoutError) as fault:
            await self._put_off(row, fault)
            return
        async with self.database.connection() as db:
            await _note_sent(db, row, receipt, self.clock.now())
        MESSAGES.labels(self.name, "sent").inc()

    async def _give_up(self, row: Row) -> None:
        async with self.database.connection() as db:
            await _note_undeliverable(db, row)
        MESSAGES.labels(self.name, "undeliverable").inc()

    async def _put_off(self, row: Row, fault: Exception) -> None:
        async with self.database.connection() as db:
            await _note_put_off(db, row, self.clock.now())
        MESSAGES.labels(self.name, "put off").inc()
        logs.warning("message was not sent", channel=self.name, fault=type(fault).__name__)


async def _claim(db: Connection, channel: str, now: datetime, *, free: int, ordinary: int) -> Sequence[Row]:
    """Messages that are due, the urgent ones first; nobody else gets them until the claim ends."""
    rows: Sequence[Row] = await db.fetch(
        "update messages set next_at = $2, attempts = attempts + 1 where id = any(array("
        "select id from messages where status = 'waiting' and channel = $3"
        " and (next_at <= $1 or next_at > $6) and (urgent or $5)"
        " order by urgent desc, next_at limit $4 for update skip locked))"
        " returning id, recipient, subject, body, attempts, urgent",
        now,
        now + LEASE,
        channel,
        min(free, ordinary) if ordinary > 0 else free,
        ordinary > 0,
        now + 2 * LONGEST_PAUSE,  # nothing is put off so far: a clock was wrong
    )
    return rows


async def _note_sent(db: Connection, row: Row, receipt: str | None, now: datetime) -> None:
    # The text may hold a code: once sent it is not kept.
    await db.execute(
        "update messages set status = 'sent', sent_at = $2, body = '', receipt = $3, ask_at = $4"
        " where id = $1 and status = 'waiting'",
        row["id"],
        now,
        receipt,
        now + (ASK_SOON if row["urgent"] else ASK_EVERY) if receipt else None,
    )


async def _note_undeliverable(db: Connection, row: Row) -> None:
    await db.execute(
        "update messages set status = 'failed', delivery = $2, body = '' where id = $1 and status = 'waiting'",
        row["id"],
        str(Delivery.FAILED),
    )


async def _note_put_off(db: Connection, row: Row, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** (row["attempts"] - 1), LONGEST_PAUSE)
    status = "failed" if row["attempts"] >= MOST_ATTEMPTS else "waiting"
    # Unless another took it over after the claim had ended.
    await db.execute(
        "update messages set status = $2, next_at = $3 where id = $1 and status = 'waiting' and attempts = $4",
        row["id"],
        status,
        now + pause,
        row["attempts"],
    )


class Delivery(StrEnum):
    """What became of a message that was handed over; UNKNOWN = the provider never told."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


Tracer = Callable[[str], Awaitable[Delivery | None]]  # by receipt; None = on its way. Raises OSError


class DeliveryPoller:
    """Asks providers each minute what became of messages that they took, for a day at most (OT-7)."""

    name = "deliveries"

    def __init__(self, database: Database, tracers: Mapping[str, Tracer], clock: Clock) -> None:
        self.database, self.tracers, self.clock = database, tracers, clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._turn, idle=LOOK_SECONDS, stopping=self._stopping)

    async def _turn(self) -> None:
        """One batch in a turn, however many are due: a provider must not be flooded."""
        await self.ask()

    async def ask(self) -> int:
        """Ask about what is due; return how many fates are known now. No transaction is open meanwhile."""
        now = self.clock.now()
        async with self.database.connection() as db:
            rows = await db.fetch(
                "update messages set ask_at = $2 where id = any(array(select id from messages where ask_at <= $1"
                " order by ask_at limit $3 for update skip locked)) returning id, channel, receipt, sent_at",
                now,
                now + ASK_EVERY,
                ASKED_AT_ONCE,
            )
        fates = await asyncio.gather(*(self._fate(row, now) for row in rows))
        known = [(row["id"], str(fate)) for row, fate in zip(rows, fates, strict=True) if fate is not None]
        async with self.database.connection() as db:
            await execute_many(db, "update messages set delivery = $2, ask_at = null where id = $1", known)
        for row, fate in zip(rows, fates, strict=True):
            if fate is not None:
                MESSAGES.labels(row["channel"], str(fate)).inc()
        return len(known)

    async def _fate(self, row: Row, now: datetime) -> Delivery | None:
        try:
            tracer = self.tracers.get(row["channel"])
            delivery = await tracer(row["receipt"]) if tracer else Delivery.UNKNOWN
        except (OSError, TimeoutError) as fault:
            logs.warning("provider did not tell of a delivery", channel=row["channel"], fault=type(fault).__name__)
            delivery = None
        return Delivery.UNKNOWN if delivery is None and row["sent_at"] + ASK_FOR <= now else delivery
