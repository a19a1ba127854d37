"""Odd clocks and chores that fail: each chore has a try of its own, and times that a wrong clock wrote stop nothing."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from esoz.central import process
from esoz.kernel import audit, clocks
from esoz.kernel.clock import FixedClock, SystemClock, new_id
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Conflict
from esoz.kernel.outbox import Message, OutboxSender, put
from esoz.kernel.work import NOBODY, AuditEntry, Dependencies, Work

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
NEXT = datetime(2031, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize("fault", [ZeroDivisionError(), Conflict(), KeyError("x")])
async def test_one_chore_fails_then_the_others_have_their_turn(
    database: Database,
    dependencies: Dependencies,
    fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    def chore(name: str) -> Callable[[Work], Awaitable[None]]:
        async def act(_work: Work) -> None:
            if name == "second":
                raise fault
            done.append(name)

        return act

    names = ("first", "second", "third")
    monkeypatch.setattr(process, "PERIODIC_TASKS", tuple((name, HOUR, chore(name)) for name in names))
    tasks = process.PeriodicTasks(database, dependencies)
    with caplog.at_level("CRITICAL", logger="esoz"):
        await tasks._round()
        await tasks._round()
    assert done == ["first", "third"]
    assert [record.getMessage() for record in caplog.records] == ["second: one of several failed"]


async def test_the_chain_fails_then_chores_have_their_turn(
    database: Database, dependencies: Dependencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    async def act(_work: Work) -> None:
        done.append(1)

    async def broken(_db: Connection) -> int:
        raise ValueError

    monkeypatch.setattr(process.audit, "chain", broken)
    monkeypatch.setattr(process, "PERIODIC_TASKS", (("only", HOUR, act),))
    await process.PeriodicTasks(database, dependencies)._round()
    assert done == [1]


async def test_the_clock_is_put_back_then_chores_go_on(
    database: Database, dependencies: Dependencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    async def act(_work: Work) -> None:
        done.append(1)

    monkeypatch.setattr(process, "PERIODIC_TASKS", (("only", timedelta(0), act),))
    tasks = process.PeriodicTasks(database, dependencies)
    monkeypatch.setattr(tasks, "clock", FixedClock(SystemClock().now() + YEAR))
    await tasks._round()
    monkeypatch.setattr(tasks, "clock", FixedClock(SystemClock().now()))
    await tasks._round()
    assert done == [1, 1]


async def line(db: Connection, at: datetime) -> UUID:
    id = new_id()
    about = audit.AuditContext(at, str(id), "tests", NOBODY)
    await audit.write(db, about, [AuditEntry("tests.happened", str(id), None, {})])
    found: UUID = await db.fetchval("select id from audit_events where request_id = $1", str(id))
    return found


async def test_lines_dated_ahead_then_the_partition_is_made_and_they_move_into_it(
    fresh_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with fresh_database.transaction() as db:
        ids = [await line(db, NEXT), await line(db, NEXT + 400 * timedelta(days=1))]
        while await audit.chain(db):
            pass
        with caplog.at_level("CRITICAL", logger="esoz"):
            await audit.make_partitions(db, NEXT, months=2)
        assert len(caplog.records) == 1
        place = "select tableoid::regclass::text from audit_events where id = $1"
        assert [await db.fetchval(place, id) for id in ids] == ["audit_events_2031_02", "audit_events_rest"]
        assert await audit.verify_chain(db) > 0
        await audit.make_partitions(db, NEXT, months=2)
        with pytest.raises(Exception, match="append only"):
            await db.execute("delete from audit_events where id = $1", ids[1])


async def test_a_clock_far_from_the_databases_is_an_alarm(db: Connection, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("CRITICAL", logger="esoz"):
        assert abs(await clocks.compare(db, SystemClock().now())) < clocks.FAR
        assert not caplog.records
        for wrong in (HOUR, -HOUR):
            await clocks.compare(db, SystemClock().now() + wrong)
    assert len(caplog.records) == 2


async def test_a_message_put_off_by_a_wrong_clock_then_it_leaves_all_the_same(
    database: Database, db: Connection, clock: FixedClock
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await db.execute("delete from messages")
    await put(db, Message("sms", "+380671234567", "x"), id=new_id(), now=clock.now() + YEAR)
    assert await OutboxSender(database, {"sms": send}, clock).deliver() == 1
