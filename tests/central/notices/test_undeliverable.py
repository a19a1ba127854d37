"""A message that a provider never will deliver is given up at once; what is withdrawn is not sent any more."""

# ruff: noqa: F811  fixtures of the outbox, asked for by the same names

from datetime import timedelta

from esoz.kernel.clock import FixedClock, new_id
from esoz.kernel.db import Database
from esoz.kernel.outbox import ASK_SOON, Delivery, DeliveryPoller, Message, OutboxSender, Undeliverable, put, withdraw
from tests.central.test_outbox import Gateway, wide  # noqa: F401  its fixture

VIBER = Message("viber", "+380671234567", "Код: 4321")


async def test_recipient_without_the_way_then_failed_at_once_and_the_text_is_wiped(
    wide: Database, clock: FixedClock
) -> None:
    async def refuse(_message: Message) -> None:
        raise Undeliverable

    async with wide.transaction() as db:
        await put(db, VIBER, id=new_id(), now=clock.now())
    sender = OutboxSender(wide, {"viber": refuse}, clock)
    assert await sender.deliver() == 1
    async with wide.connection() as db:
        row = await db.fetchrow("select status, delivery, body, attempts from messages")
    assert tuple(row) == ("failed", "failed", "", 1)
    clock.forward(timedelta(days=1))
    assert await sender.deliver() == 0


async def test_withdrawn_then_not_sent_and_one_that_was_sent_stays_so(wide: Database, clock: FixedClock) -> None:
    gateway, sent, waiting = Gateway(), new_id(), new_id()
    sender = OutboxSender(wide, {"viber": gateway}, clock)
    async with wide.transaction() as db:
        await put(db, VIBER, id=sent, now=clock.now())
    await sender.deliver()
    async with wide.transaction() as db:
        await put(db, VIBER, id=waiting, now=clock.now())
        await withdraw(db, sent)
        await withdraw(db, waiting)
    assert await sender.deliver() == 0 and len(gateway.taken) == 1
    async with wide.connection() as db:
        rows = await db.fetch("select status from messages order by status")
    assert [row["status"] for row in rows] == ["sent", "withdrawn"]


async def test_urgent_then_asked_about_sooner(wide: Database, clock: FixedClock) -> None:
    async def take(_message: Message) -> str:
        return "r-1"

    async def tell(_receipt: str) -> Delivery:
        return Delivery.DELIVERED

    async with wide.transaction() as db:
        await put(db, Message("viber", "+380671234567", "x", urgent=True), id=new_id(), now=clock.now())
        await put(db, VIBER, id=new_id(), now=clock.now())
    await OutboxSender(wide, {"viber": take}, clock).deliver()
    clock.forward(ASK_SOON)
    assert await DeliveryPoller(wide, {"viber": tell}, clock).ask() == 1
    async with wide.connection() as db:
        assert await db.fetchval("select delivery from messages where urgent") == "delivered"
