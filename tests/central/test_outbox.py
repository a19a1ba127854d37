"""Messages on their way out: several at once and by channel, urgent ones first, no transaction open, one key each."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from esoz.gateways.messages import SMTP, MailServer, SMSGateway
from esoz.kernel import outbox
from esoz.kernel.clock import FixedClock, new_id
from esoz.kernel.db import Database, execute_many
from esoz.kernel.outbox import AT_ONCE, KEPT_FOR_URGENT, LEASE, Message, OutboxSender, put
from tests.emptying import empty_tables

SOON = 10.0


@pytest.fixture
async def wide(fresh_database: Database) -> AsyncIterator[Database]:
    """Several connections to a database of its own."""
    found = Database(fresh_database.url, size=4)
    await found.open()
    async with found.connection() as db:
        await empty_tables(db, "messages")
    yield found
    await found.close()


class Gateway:
    """Takes messages when it is told to; notes them and how many came at once."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.taken: list[Message] = []
        self.at_once = 0
        self.goes_on = asyncio.Event()
        if not hangs:
            self.goes_on.set()
        self._now = 0

    async def __call__(self, message: Message) -> None:
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        self.taken.append(message)
        await self.goes_on.wait()
        self._now -= 1


async def post(database: Database, clock: FixedClock, *messages: Message) -> None:
    async with database.transaction() as db:
        for message in messages:
            await put(db, message, id=new_id(), now=clock.now())


def sms(text: str, *, urgent: bool = False) -> Message:
    return Message("sms", "+380671234567", text, urgent=urgent)


async def running(sender: OutboxSender) -> asyncio.Task[None]:
    return asyncio.create_task(sender.run())


async def until(gateway: Gateway, count: int) -> None:
    async with asyncio.timeout(SOON):
        while len(gateway.taken) < count:
            await asyncio.sleep(0.01)


async def nobody_holds_a_transaction(database: Database) -> None:
    """The sender looks for messages now and then: what is open in one moment has to be closed in a later one."""
    async with asyncio.timeout(SOON), database.connection() as db:
        while await db.fetchval(
            "select exists(select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and xact_start is not null)"
        ):
            await asyncio.sleep(0.01)


async def test_a_gateway_that_hangs_then_urgent_ones_and_other_channels_leave(
    wide: Database, clock: FixedClock
) -> None:
    by_sms, by_mail = Gateway(hangs=True), Gateway()
    sender = OutboxSender(wide, {"sms": by_sms, "mail": by_mail}, clock)
    await post(wide, clock, *(sms(f"{number}") for number in range(30)))
    task = await running(sender)
    await until(by_sms, AT_ONCE - KEPT_FOR_URGENT)
    await post(wide, clock, sms("code", urgent=True), Message("mail", "a@b.example", "letter"))
    await until(by_sms, AT_ONCE - KEPT_FOR_URGENT + 1)
    await until(by_mail, 1)
    assert by_sms.taken[-1].body == "code"
    await nobody_holds_a_transaction(wide)
    by_sms.goes_on.set()
    await until(by_sms, 31)
    sender.stop()
    await asyncio.wait_for(task, SOON)
    async with wide.connection() as db:
        assert await db.fetchval("select count(*) from messages where status = 'sent' and body = ''") == 32


async def test_urgent_ones_before_those_that_wait_longer(wide: Database, clock: FixedClock) -> None:
    gateway = Gateway()
    await post(wide, clock, *(sms(f"{number}") for number in range(20)))
    clock.forward(timedelta(minutes=1))
    await post(wide, clock, sms("code", urgent=True))
    await OutboxSender(wide, {"sms": gateway}, clock).deliver()
    assert "code" in [message.body for message in gateway.taken]


async def test_killed_before_it_was_noted_then_sent_again_under_the_same_key(wide: Database, clock: FixedClock) -> None:
    first, second = Gateway(hangs=True), Gateway()
    await post(wide, clock, sms("one"), sms("two"))
    killed = OutboxSender(wide, {"sms": first}, clock)
    task = asyncio.create_task(killed.deliver())
    await until(first, 2)
    task.cancel()
    other = OutboxSender(wide, {"sms": second}, clock)
    assert await other.deliver() == 0  # claimed
    clock.forward(LEASE)
    assert await other.deliver() == 2
    assert {each.key for each in second.taken} == {each.key for each in first.taken}
    assert len({each.key for each in second.taken}) == 2
    first.goes_on.set()


@pytest.mark.parametrize("fault", [ValueError(), KeyError(), UnicodeEncodeError("ascii", "ї", 0, 1, "")])
async def test_a_message_that_no_sender_can_read_then_the_others_leave(
    wide: Database, clock: FixedClock, fault: Exception
) -> None:
    async def send(message: Message) -> None:
        if message.body == "odd":
            raise fault

    await post(wide, clock, sms("odd"), sms("even"))
    assert await OutboxSender(wide, {"sms": send}, clock).deliver() == 2
    async with wide.connection() as db:
        rows = await db.fetch("select status, attempts from messages order by status")
    assert [tuple(row) for row in rows] == [("sent", 1), ("waiting", 1)]


async def test_a_sender_without_end_then_put_off(
    wide: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LONGEST_SECONDS", 0.05)
    await post(wide, clock, sms("one"))
    await OutboxSender(wide, {"sms": Gateway(hangs=True)}, clock).deliver()
    async with wide.connection() as db:
        assert await db.fetchval("select next_at from messages where status = 'waiting'") < clock.now() + LEASE


async def test_no_rows_then_no_transaction_is_left_open(wide: Database) -> None:
    async with wide.connection() as db, wide.connection() as other:
        await execute_many(db, "update messages set body = $1 where id = $2", [])
        pid = db.get_server_pid()
        assert await other.fetchval("select count(*) from pg_locks where pid = $1 and mode like 'Row%'", pid) == 0


async def test_every_copy_carries_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    whole = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **more: whole(transport=httpx.MockTransport(answer), **more))
    await SMSGateway("https://sms.example", "t")(Message("sms", "+380671234567", "x", key="k-1"))
    assert seen[0].headers["Idempotency-Key"] == "k-1"
    letters: list[str] = []
    mail = SMTP(MailServer("mail.example", 25), "ЕСОЗ <no-reply@esoz.example>")
    monkeypatch.setattr(SMTP, "_send", lambda _self, letter: letters.append(letter["Message-ID"]))
    await mail(Message("mail", "a@b.example", "x", key="k-2"))
    assert letters == ["<k-2@esoz.example>"]
