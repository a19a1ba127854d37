"""The connection of an act: what goes out together, when a transaction begins, what is taken back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from esoz.kernel.act import Act, grouped, insert_later, joined, only_asks, write_at_end, write_later
from esoz.kernel.db import Connection, Database
from tests.conftest import Server

TABLES = """
create table act_parent (id int primary key, note text);
create table act_child (id int primary key, parent_id int not null references act_parent)
"""
ADD = "insert into act_parent (id, note) values ($1, '')"
CHAINED = "with line as (insert into act_child (id, parent_id) values ($1, $2) returning id) insert into act_parent \
(id, note) select id + 100, $3 from line"


@pytest.fixture
async def database(server: Server, template: str, process_name: str) -> AsyncIterator[Database]:
    name = f"{process_name}_act"
    await server.copy(template, name)
    found = Database(server.url(name), size=2)
    async with found.connection() as db:
        await db.execute(TABLES)
    yield found
    await found.close()
    await server.drop(name)


class Spy:
    """What was sent over a connection."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __call__(self, record: asyncpg.connection.LoggedQuery) -> None:
        self.sent.append(record.query.split()[0].strip(";").lower())


@contextlib.asynccontextmanager
async def spying(act: Act) -> AsyncIterator[Spy]:
    spy = Spy()
    with act._connection.query_logger(spy):
        yield spy
        await asyncio.sleep(0)  # the driver tells of a statement after its answer


async def rows(database: Database) -> list[tuple[int, str]]:
    async with database.connection() as db:
        return [tuple(row) for row in await db.fetch("select id, note from act_parent order by id")]


async def parent(db: Connection, id: int, note: str = "") -> None:
    await insert_later(db, "act_parent", id=id, note=note)


class TestWhatIsSent:
    async def test_questions_and_one_group_of_writes_then_no_transaction(self, database: Database) -> None:
        async with database.connection() as connection:
            act = Act(connection)
            async with spying(act) as spy:
                await act.fetchval("select 1")
                await parent(act, 1)
                await insert_later(act, "act_child", id=1, parent_id=1)
                await act.commit()
        assert spy.sent == ["select", "with"]
        assert await rows(database) == [(1, "")]

    async def test_question_after_a_write_then_it_sees_the_write(self, database: Database) -> None:
        async with database.connection() as connection:
            act = Act(connection)
            async with spying(act) as spy:
                await parent(act, 1)
                assert await act.fetchval("select count(*) from act_parent") == 1
                await parent(act, 2)
                await act.commit()
        assert spy.sent == ["begin", "insert", "select", "insert", "commit"]

    async def test_left_for_the_end_then_no_question_sends_it(self, database: Database) -> None:
        async with database.connection() as connection:
            act = Act(connection)
            async with spying(act) as spy:
                await write_at_end(act, ADD, 1)
                assert await act.fetchval("select count(*) from act_parent") == 0
                await parent(act, 2)
                await write_later(act, CHAINED, 1, 2, "made of another")
                await act.commit()
        assert spy.sent == ["select", "with"]
        assert await rows(database) == [(1, ""), (2, ""), (101, "made of another")]

    async def test_left_for_the_end_by_a_part_that_fails_then_taken_back(self, database: Database) -> None:
        async with database.act() as act:
            await write_at_end(act, ADD, 1)
            with contextlib.suppress(LookupError):
                async with act.transaction():
                    await write_at_end(act, ADD, 2)
                    raise LookupError
            async with act.transaction():
                await write_at_end(act, ADD, 3)
        assert await rows(database) == [(1, ""), (3, "")]

    async def test_left_for_the_end_of_an_act_that_fails_then_nothing(self, database: Database) -> None:
        with contextlib.suppress(LookupError):
            async with database.act() as act:
                await write_at_end(act, ADD, 1)
                raise LookupError
        async with database.act() as act:
            await parent(act, 2)
        assert await rows(database) == [(2, "")]

    async def test_lock_then_held_until_the_end(self, database: Database) -> None:
        async with database.act() as act:
            await parent(act, 1)
        async with database.act() as act, database.connection() as other:
            await act.fetchrow("select * from act_parent where id = 1 for update")
            assert await other.fetchval("select count(*) from act_parent where id = 1") == 1
            assert await other.fetch("select * from act_parent for update skip locked") == []

    async def test_row_written_twice_then_the_later_value(self, database: Database) -> None:
        async with database.act() as act:
            await parent(act, 1, "first")
            await write_later(act, "update act_parent set note = $1 where id = $2", "second", 1)
            await write_later(act, "update act_parent set note = note || $1", " and last")
        assert await rows(database) == [(1, "second and last")]

    async def test_chained_statement_then_it_ends_a_group(self, database: Database) -> None:
        async with database.act() as act:
            await parent(act, 1)
            await write_later(act, CHAINED, 1, 1, "made of another")
            await parent(act, 2)
        assert await rows(database) == [(1, ""), (2, ""), (101, "made of another")]

    async def test_no_act_then_at_once(self, database: Database) -> None:
        async with database.connection() as db:
            await parent(db, 1)
            assert await db.fetchval("select count(*) from act_parent") == 1


class TestFaults:
    async def test_act_fails_then_nothing_of_it_stands(self, database: Database) -> None:
        with pytest.raises(LookupError):
            async with database.act() as act:
                await parent(act, 1)
                await act.fetchval("select 1")
                await parent(act, 2)
                raise LookupError
        assert await rows(database) == []

    async def test_last_group_fails_then_nothing_of_it_stands_and_the_connection_is_usable(
        self, database: Database
    ) -> None:
        for _ in range(3):
            with pytest.raises(asyncpg.UniqueViolationError):
                async with database.act() as act:
                    await parent(act, 1)
                    await act.fetchval("select 1")
                    await parent(act, 1)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with database.act() as act:
                await parent(act, 1)
                await insert_later(act, "act_child", id=1, parent_id=7)
        assert await rows(database) == []

    async def test_several_groups_without_a_question_then_all_or_nothing(self, database: Database) -> None:
        with pytest.raises(asyncpg.UniqueViolationError):
            async with database.act() as act:
                await parent(act, 1)
                await parent(act, 1)
        assert await rows(database) == []

    @pytest.mark.parametrize("asks", [True, False])
    async def test_part_fails_then_only_it_is_taken_back(self, database: Database, asks: bool) -> None:
        async with database.act() as act:
            await parent(act, 1)
            with pytest.raises(LookupError):
                async with act.transaction():
                    await parent(act, 2)
                    if asks:
                        await act.fetchval("select 1")
                    raise LookupError
            with pytest.raises(asyncpg.UniqueViolationError):
                async with act.transaction():
                    await parent(act, 1)
            async with act.transaction():
                await parent(act, 3)
            await parent(act, 4)
        assert [id for id, _ in await rows(database)] == [1, 3, 4]

    async def test_question_of_a_part_fails_then_the_lock_and_what_follows_stand(self, database: Database) -> None:
        async with database.act() as act:
            await parent(act, 1)
        async with database.act() as act, database.connection() as other:
            await act.fetchrow("select * from act_parent where id = 1 for update")
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with act.transaction():
                    await act.fetchval("select 1 / 0")
            assert await other.fetch("select * from act_parent for update skip locked") == []
            await parent(act, 2)
        assert [id for id, _ in await rows(database)] == [1, 2]

    async def test_parts_in_parts_then_each_by_itself(self, database: Database) -> None:
        async with database.act() as act:
            with pytest.raises(LookupError):
                async with act.transaction():
                    await parent(act, 1)
                    async with act.transaction():
                        await parent(act, 2)
                    await parent(act, 3)
                    raise LookupError
            async with act.transaction():
                await parent(act, 4)
                with pytest.raises(LookupError):
                    async with act.transaction():
                        await parent(act, 5)
                        await act.fetchval("select 1")
                        raise LookupError
        assert [id for id, _ in await rows(database)] == [4]


class TestLeftBehind:
    """An act that went away while the server still worked for it: what comes next over the pool is not lost in it."""

    @pytest.fixture(params=["act", "transaction"])
    async def gone(self, database: Database, request: pytest.FixtureRequest) -> Database:
        """The pool after an act that was canceled while its BEGIN was under way."""
        async with database.connection() as db:  # there is one connection, and it is open
            await db.execute("insert into act_parent (id, note) values (0, '')")
        opened = database.act if request.param == "act" else database.transaction

        async def begins() -> None:
            async with opened() as db:
                await db.fetch("select * from act_parent for update")

        task = asyncio.create_task(begins())
        await asyncio.sleep(0)  # BEGIN is sent, and not answered
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return database

    async def test_next_writes_one_statement_then_it_stands(self, gone: Database) -> None:
        async with gone.connection() as db:
            await parent(db, 1)
        assert [id for id, _ in await rows(gone)] == [0, 1]

    async def test_next_is_an_act_then_it_stands(self, gone: Database) -> None:
        async with gone.act() as act:
            await act.fetch("select * from act_parent for update")
            await parent(act, 1)
        assert [id for id, _ in await rows(gone)] == [0, 1]


@pytest.mark.parametrize(
    ("sql", "asks"),
    [
        ("select * from persons where updated_at < $1 and is_locked", True),
        ("  \n with own as (select 1) select * from own", True),
        ("select * from persons for update", False),
        ("select * from persons for no key update of p skip locked", False),
        ("select * from persons for share", False),
        ("select * from persons for key share", False),
        ("with line as (insert into a values (1) returning id) select * from line", False),
        ("select nextval('numbers')", False),
        ("select pg_notify('jobs', '')", False),
        ("select pg_advisory_xact_lock(1)", False),
        ("select pg_try_advisory_xact_lock(1)", False),
        ("insert into a values (1)", False),
        ("set local lock_timeout = 1", False),
    ],
)
def test_statement_then_it_only_asks_or_not(sql: str, asks: bool) -> None:
    assert only_asks(sql) is asks


def test_values_of_parts_then_numbered_on() -> None:
    parts = (("insert into a values ($1, $2)", 2), ("update b set c = $2 where d = $1 and e = $10", 10))
    assert joined((*parts, ("delete from f where g = $1", 1))) == (
        "with part_0 as (insert into a values ($1, $2)), part_1 as (update b set c = $4 where d = $3 and e = $12)"
        " delete from f where g = $13"
    )


def test_rows_that_are_only_added_then_together() -> None:
    add, once = "insert into a (b) values ($1)", "insert into a (b, c) values ($1, $2) on conflict (b) do nothing"
    assert grouped((add, once, "update d set e = 1", add)) == (4,)
    assert grouped((add, "update a set b = 1", add)) == (1, 1, 1)
    assert grouped((add, "insert into a (b) select b from a")) == (1, 1)
    assert grouped((add, "insert into a (b) values ($1) on conflict (b) do update set c = 1")) == (1, 1)


async def test_one_row_added_twice_in_one_statement_then_once(database: Database) -> None:
    once = "insert into act_parent (id, note) values ($1, $2) on conflict (id) do nothing"
    async with database.act() as db:
        for note in ("first", "second"):
            await write_later(db, once, 1, note)
    async with database.connection() as db:
        assert await db.fetchval("select count(*) from act_parent") == 1


def test_writes_of_one_table_then_one_after_another() -> None:
    assert grouped(("insert into a values (1)", "update b set c = 1", "update a set c = 1")) == (2, 1)
    with pytest.raises(ValueError, match="table"):
        grouped(("select 1",))
