"""Messages that leave the system (SMS, mail): written in the transaction of the act, sent afterwards."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from . import logs
from .clock import Clock
from .db import Connection, Database, Row, insert
from .loops import poll
from .metrics import MESSAGES
from .work import Work

MOST_ATTEMPTS = 12  # about a day with the pauses below
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=3)
IDLE_SECONDS = 0.5
ASK_EVERY = timedelta(minutes=1)  # OT-7
ASK_FOR = timedelta(days=1)  # what a provider has not told by then it never will
ASKED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent: `recipient` is a phone (+380…) for sms, an address for mail."""

    channel: str
    recipient: str
    body: str
    subject: str = ""


# Gives a receipt when its provider tells of deliveries; raises ConnectionError or OSError when it was not handed over.
Sender = Callable[[Message], Awaitable[str | None]]


async def post(work: Work, message: Message) -> None:
    """Put a message in the outbox, in the transaction of the act."""
    await put(work.db, message, id=work.new_id(), now=work.now)


async def put(db: Connection, message: Message, *, id: UUID, now: datetime) -> None:
    """The same where there is no Work: in pages and background works."""
    await insert(
        db,
        "messages",
        id=id,
        channel=message.channel,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        status="waiting",
        next_at=now,
        inserted_at=now,
    )


class OutboxSender:
    """Takes waiting messages to their senders. At least once: a crash between sending and noting sends again."""

    name = "messages"

    def __init__(self, database: Database, senders: Mapping[str, Sender], clock: Clock) -> None:
        self.database, self.senders, self.clock = database, senders, clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self.deliver_one, idle=IDLE_SECONDS, stopping=self._stopping)

    async def deliver_one(self) -> bool:
        """Send the message that waits longest; return False when none is due."""
        now = self.clock.now()
        async with self.database.transaction() as db:
            row = await db.fetchrow(
                "select id, channel, recipient, subject, body, attempts from messages"
                " where status = 'waiting' and next_at <= $1 order by next_at for update skip locked limit 1",
                now,
            )
            if row is None:
                return False
            message = Message(row["channel"], row["recipient"], row["body"], row["subject"])
            try:
                receipt = await self.senders[message.channel](message)
            except (OSError, TimeoutError) as fault:
                await _put_off(db, row["id"], row["attempts"] + 1, now)
                MESSAGES.labels(message.channel, "put off").inc()
                logs.warning("message was not sent", channel=message.channel, fault=type(fault).__name__)
                return True
            # The text may hold a code: once sent it is not kept.
            await db.execute(
                "update messages set status = 'sent', sent_at = $2, attempts = attempts + 1, body = '', receipt = $3,"
                " ask_at = $4 where id = $1",
                row["id"],
                now,
                receipt,
                now + ASK_EVERY if receipt else None,
            )
        MESSAGES.labels(message.channel, "sent").inc()
        return True


async def _put_off(db: Connection, message_id: object, attempts: int, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    status = "failed" if attempts >= MOST_ATTEMPTS else "waiting"
    await db.execute(
        "update messages set status = $2, attempts = $3, next_at = $4 where id = $1",
        message_id,
        status,
        attempts,
        now + pause,
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
        await poll(self.name, self._turn, idle=ASK_EVERY.total_seconds() / 2, stopping=self._stopping)

    async def _turn(self) -> None:
        """One batch in a turn, however many are due: a provider must not be flooded."""
        await self.ask()

    async def ask(self) -> int:
        """Ask about what is due; return how many fates are known now. No transaction is open meanwhile."""
        now = self.clock.now()
        async with self.database.connection() as db:
            rows = await db.fetch(
                "update messages set ask_at = $2 where id in (select id from messages where ask_at <= $1"
                " order by ask_at limit $3 for update skip locked) returning id, channel, receipt, sent_at",
                now,
                now + ASK_EVERY,
                ASKED_AT_ONCE,
            )
        fates = await asyncio.gather(*(self._fate(row, now) for row in rows))
        known = [(row["id"], str(fate)) for row, fate in zip(rows, fates, strict=True) if fate is not None]
        async with self.database.connection() as db:
            await db.executemany("update messages set delivery = $2, ask_at = null where id = $1", known)
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
