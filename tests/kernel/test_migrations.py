"""Migrations on a real PostgreSQL: applied once, never waiting long for a lock, started again after a failure."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from esoz.kernel.migrations import OUTSIDE, Migration, Patience, TablesAreBusy, migrate
from tests.conftest import Server

TABLE = Migration("0001_table.sql", "create table visits (id int, code int); insert into visits values (1, 7), (2, 7)")
COLUMN = Migration("0002_column.sql", "alter table visits add column note text")
INDEX = Migration("0003_index.sql", f"{OUTSIDE}\ncreate unique index concurrently visits_of_code on visits (code);\n")
HASTY = Patience(lock_seconds=0.1, tries=3, pause_seconds=0.05)


@pytest.fixture
async def url(server: Server, process_name: str) -> AsyncIterator[str]:
    name = f"{process_name}_migrations"
    await server.copy("template0", name)
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def db(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
async def other(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def is_valid(db: asyncpg.Connection) -> bool | None:
    return await db.fetchval("select indisvalid from pg_index where indexrelid = to_regclass('visits_of_code')")


async def has_column(db: asyncpg.Connection) -> bool:
    return await db.fetchval("select count(*) = 1 from information_schema.columns where column_name = 'note'")


class TestOrder:
    async def test_again_then_only_what_is_missing(self, db: asyncpg.Connection) -> None:
        assert await migrate(db, [TABLE]) == ["0001_table.sql"]
        assert await migrate(db, [TABLE, COLUMN]) == ["0002_column.sql"]
        assert await migrate(db, [TABLE, COLUMN]) == []

    async def test_edited_afterwards_then_refused(self, db: asyncpg.Connection) -> None:
        await migrate(db, [TABLE])
        with pytest.raises(RuntimeError, match="was changed after it had been applied"):
            await migrate(db, [Migration(TABLE.name, f"{TABLE.sql} ")])

    async def test_two_at_once_then_each_is_applied_once(
        self, db: asyncpg.Connection, other: asyncpg.Connection
    ) -> None:
        some = [TABLE, Migration(INDEX.name, INDEX.sql.replace("(code)", "(id)"))]
        done = await asyncio.wait_for(asyncio.gather(migrate(db, some), migrate(other, some)), 20)
        assert sorted(done) == [[], ["0001_table.sql", "0003_index.sql"]]


class TestLocks:
    async def test_table_in_use_all_the_time_then_told_and_nothing_of_it_is_there(
        self, db: asyncpg.Connection, other: asyncpg.Connection
    ) -> None:
        await migrate(db, [TABLE])
        async with other.transaction():
            await other.execute("select * from visits")
            with pytest.raises(TablesAreBusy, match=r"0002_column\.sql: its tables were locked .* 3 tries of 0\.1 s"):
                await migrate(db, [TABLE, COLUMN], HASTY)
        assert not await has_column(db)
        assert await migrate(db, [TABLE, COLUMN], HASTY) == ["0002_column.sql"]

    async def test_table_in_use_for_a_while_then_tried_again(
        self, db: asyncpg.Connection, other: asyncpg.Connection
    ) -> None:
        await migrate(db, [TABLE])
        begun = other.transaction()
        await begun.start()
        await other.execute("select * from visits")
        waiting = asyncio.create_task(migrate(db, [TABLE, COLUMN], Patience(0.1, 50, 0.05)))
        await asyncio.sleep(0.4)
        assert not waiting.done()
        await begun.rollback()
        assert await asyncio.wait_for(waiting, 20) == ["0002_column.sql"]
        assert await has_column(db)

    async def test_while_it_waits_then_readers_wait_no_longer_than_one_try(
        self, url: str, db: asyncpg.Connection, other: asyncpg.Connection
    ) -> None:
        await migrate(db, [TABLE])
        begun = other.transaction()
        await begun.start()
        await other.execute("select * from visits")
        waiting = asyncio.create_task(migrate(db, [TABLE, COLUMN], Patience(0.2, 2, 5)))
        await asyncio.sleep(0.05)
        reader = await asyncpg.connect(url)
        async with asyncio.timeout(2):
            assert await reader.fetchval("select count(*) from visits") == 2
        await reader.close()
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await begun.rollback()

    async def test_limit_of_the_lock_then_gone_after_the_migration(self, db: asyncpg.Connection) -> None:
        await migrate(db, [TABLE], HASTY)
        assert await db.fetchval("show lock_timeout") == "0"


class TestOutside:
    async def test_index_then_built_and_noted_while_others_write(
        self, db: asyncpg.Connection, other: asyncpg.Connection
    ) -> None:
        await migrate(db, [TABLE])
        await db.execute("update visits set code = id")
        begun = other.transaction()
        await begun.start()
        await other.execute("insert into visits values (3, 3)")
        building = asyncio.create_task(migrate(db, [TABLE, INDEX], HASTY))
        await asyncio.sleep(0.5)  # longer than a try: it lets the writer go on
        await other.execute("insert into visits values (4, 4)")
        await begun.commit()
        assert await asyncio.wait_for(building, 20) == ["0003_index.sql"]
        assert await is_valid(db)
        assert await migrate(db, [TABLE, INDEX]) == []

    async def test_failed_halfway_then_what_is_left_is_put_away_and_it_is_built(self, db: asyncpg.Connection) -> None:
        await migrate(db, [TABLE])
        with pytest.raises(asyncpg.UniqueViolationError):
            await migrate(db, [TABLE, INDEX])
        assert await is_valid(db) is False
        await db.execute("update visits set code = id")
        assert await migrate(db, [TABLE, INDEX]) == ["0003_index.sql"]
        assert await is_valid(db)

    async def test_built_and_killed_before_it_was_noted_then_only_noted(self, db: asyncpg.Connection) -> None:
        await migrate(db, [TABLE])
        await db.execute("update visits set code = id")
        await db.execute("create unique index visits_of_code on visits (code)")
        before = await db.fetchval("select to_regclass('visits_of_code')::oid")
        assert await migrate(db, [TABLE, INDEX]) == ["0003_index.sql"]
        assert await db.fetchval("select to_regclass('visits_of_code')::oid") == before
