"""A document is where its record is, then in the store of objects; at no moment is it nowhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from esoz.kernel import documents, migrations
from esoz.kernel.act import write_later
from esoz.kernel.db import Database
from esoz.kernel.documents import BATCH, Carrier
from esoz.kernel.errors import NotFound, StoreUnavailable
from esoz.kernel.objects import Objects
from tests.conftest import Server


@pytest.fixture
async def database(server: Server, template: str, process_name: str) -> AsyncIterator[Database]:
    name = f"{process_name}_documents"
    await server.copy(template, name)
    found = Database(server.url(name), size=4)
    async with found.connection() as db:
        await migrations.migrate(db, migrations.read("esoz.kernel.sql"))
    yield found
    await found.close()


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects.at(tmp_path / "objects")


async def waiting(database: Database) -> int:
    async with database.connection() as db:
        found: int = await db.fetchval("select count(*) from documents_waiting")
    return found


async def read(database: Database, objects: Objects, name: str) -> bytes:
    async with database.connection() as db:
        return await documents.read(db, objects, name)


async def test_kept_then_read_before_and_after_it_is_carried(database: Database, objects: Objects) -> None:
    async with database.act() as db:
        names = [await documents.keep(db, "a/b", content) for content in (b"one", b"two", b"one")]
    assert names[0] == names[2] != names[1]
    assert await waiting(database) == 2
    assert await read(database, objects, names[0]) == b"one"
    with pytest.raises(NotFound):
        await objects.read(names[0])
    assert await Carrier(database, objects).carry()
    assert await waiting(database) == 0
    assert [await read(database, objects, name) for name in names] == [b"one", b"two", b"one"]


async def test_the_act_fails_then_nothing_is_kept(database: Database, objects: Objects) -> None:
    with pytest.raises(RuntimeError):
        async with database.act() as db:
            name = await documents.keep(db, "a", b"one")
            await write_later(db, "update documents_waiting set kept_at = now() where name = 'nobody'")
            raise RuntimeError
    with pytest.raises(NotFound):
        await read(database, objects, name)


class Failing(Objects):
    """A store that takes everything and then ends: nobody knows what it has."""

    def __init__(self, objects: Objects) -> None:
        super().__init__(objects._store)
        self.is_away = True

    async def put(self, objects: Mapping[str, bytes]) -> None:
        await super().put(objects)
        if self.is_away:
            raise StoreUnavailable


async def test_the_store_ends_while_it_takes_then_it_is_told_and_all_are_carried_again(
    database: Database, objects: Objects
) -> None:
    store = Failing(objects)
    carrier = Carrier(database, store)
    async with database.act() as db:
        name = await documents.keep(db, "a", b"one")
    assert not await carrier._turn()
    assert (carrier.failing, await waiting(database)) == (("documents",), 1)
    assert await read(database, store, name) == b"one"
    store.is_away = False
    assert not await carrier._turn()
    assert (carrier.failing, await waiting(database)) == ((), 0)
    assert await read(database, store, name) == b"one"


async def test_many_and_two_carriers_then_each_is_carried_and_readable_at_every_moment(
    database: Database, objects: Objects
) -> None:
    async with database.act() as db:
        names = [await documents.keep(db, "a", f"{number}".encode()) for number in range(3 * BATCH)]
    carriers = [Carrier(database, objects) for _ in range(2)]

    async def run(carrier: Carrier) -> None:
        while not await carrier.carry():
            pass

    async def look() -> None:
        while await waiting(database):
            assert await read(database, objects, names[0]) == b"0"
            assert await read(database, objects, names[-1]) == f"{3 * BATCH - 1}".encode()

    await asyncio.gather(*map(run, carriers), look())
    assert [await objects.read(name) for name in names] == [f"{number}".encode() for number in range(3 * BATCH)]


class Noting(Objects):
    """A store that notes how much it is given at once; of more than `most` documents it takes none."""

    def __init__(self, objects: Objects, most: int = BATCH) -> None:
        super().__init__(objects._store)
        self.most, self.given = most, list[list[int]]()

    async def put(self, objects: Mapping[str, bytes]) -> None:
        self.given.append([len(content) for content in objects.values()])
        if len(objects) > self.most:
            raise StoreUnavailable
        await super().put(objects)


async def carry_all(database: Database, carrier: Carrier) -> None:
    for _ in range(4 * BATCH):
        await carrier._turn()
        if not await waiting(database):
            return
    raise AssertionError("documents wait for ever")


async def test_statistics_tell_that_nothing_waits_then_a_batch_is_no_larger(
    database: Database, objects: Objects
) -> None:
    async with database.connection() as db:
        await db.execute("insert into documents_waiting select n, ''::bytea from generate_series(1, 500) n")
        await db.execute("delete from documents_waiting")
        await db.execute("vacuum (analyze, truncate false) documents_waiting")
    async with database.act() as db:
        for number in range(3 * BATCH):
            await documents.keep(db, "a", f"{number}".encode())
    store = Noting(objects)
    await carry_all(database, Carrier(database, store))
    assert [len(sizes) for sizes in store.given] == [BATCH] * 3


async def test_the_store_is_slow_then_it_is_given_fewer_until_it_takes_them(
    database: Database, objects: Objects
) -> None:
    async with database.act() as db:
        for number in range(BATCH):
            await documents.keep(db, "a", f"{number}".encode())
    store = Noting(objects, most=5)
    carrier = Carrier(database, store)
    await carry_all(database, carrier)
    assert [len(sizes) for sizes in store.given][:5] == [64, 32, 16, 8, 4]
    store.most = BATCH
    async with database.act() as db:
        for number in range(3 * BATCH):
            await documents.keep(db, "b", f"{number}".encode())
    await carry_all(database, carrier)
    assert (max(map(len, store.given[-4:])), carrier.failing) == (BATCH, ())


async def test_large_ones_then_only_few_are_in_memory_at_once(
    database: Database, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "BATCH_BYTES", 10)
    async with database.act() as db:
        for content in (b"1" * 4, b"2" * 5, b"3" * 30, b"4" * 6, b"5" * 6):
            await documents.keep(db, "a", content)
    store = Noting(objects)
    await carry_all(database, Carrier(database, store))
    assert sorted(size for sizes in store.given for size in sizes) == [4, 5, 6, 6, 30]
    assert all(len(sizes) == 1 or sum(sizes) <= 10 for sizes in store.given)


async def test_told_to_stop_then_it_stops(database: Database, objects: Objects) -> None:
    carrier = Carrier(database, objects)
    async with database.act() as db:
        await documents.keep(db, "a", b"one")
    running = asyncio.create_task(carrier.run())
    async with asyncio.timeout(60):
        while await waiting(database):
            await asyncio.sleep(0.01)
        carrier.stop()
        await running
