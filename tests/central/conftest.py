"""central on real PostgreSQL: a world of clinics and pharmacies, callers with tokens and keys, rollback per test."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from esoz.central.app import JOB_HANDLERS, MIGRATIONS, make_api, make_dependencies
from esoz.central.dictionaries import dictionaries
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.http import API
from esoz.kernel.jobs import Worker
from esoz.kernel.objects import Objects
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.signature import Authority, TrustList
from tests.conftest import Server
from tests.factories.prescriptions import stock
from tests.factories.world import Caller, World, build_world, load_registers

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class _InTurn(asyncpg.Connection):
    """A connection that several use at once: each statement waits for the one before it."""

    def __init__(self, protocol: Any, transport: Any, loop: Any, address: Any, config: Any, params: Any) -> None:
        # One connection serves all tests of a process: what it has prepared is prepared once.
        super().__init__(protocol, transport, loop, address, config._replace(statement_cache_size=2000), params)
        self.turn = asyncio.Lock()

    async def execute(self, query: str, *args: Any, **named: Any) -> Any:
        if args:
            return await super().execute(query, *args, **named)  # comes to `_execute`
        async with self.turn:
            return await super().execute(query, **named)

    async def _execute(self, *args: Any, **named: Any) -> Any:
        async with self.turn:
            return await super()._execute(*args, **named)

    async def _executemany(self, *args: Any, **named: Any) -> Any:
        async with self.turn:
            return await super()._executemany(*args, **named)


class OneConnection(Database):
    """A database of one connection inside a transaction that is rolled back after the test."""

    def __init__(self, connection: Connection) -> None:
        super().__init__("")
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with self._turn:
            async with self._connection.transaction():
                yield self._connection
            self.forget()  # nothing is ever committed here, so no notice of a change comes

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[Connection]:
        yield self._connection


class Kept:
    """The connection that tests use one after another; a new one when a test has broken it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def rolled_back(self) -> AsyncIterator[Connection]:
        """The connection inside a transaction of which nothing stays."""
        async with self._database.connection() as connection:
            transaction = connection.transaction()
            await transaction.start()
            yield connection
            if not connection.is_closed():
                await transaction.rollback()


@asynccontextmanager
async def opened(url: str, *, size: int = 1) -> AsyncIterator[Database]:
    """A database that is closed whatever happens."""
    database = Database(url, size=size)
    database.connection_class = _InTurn
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The test trust centre that issued every key of the tests."""
    source = random.Random(1)
    return Authority.create("Тестовий КНЕДП", scheme="dstu-gost", random=source.randbytes, at=NOW.replace(year=2025))


@pytest.fixture(scope="session")
def dependencies(authority: Authority) -> Dependencies:
    return make_dependencies(
        Objects.in_memory(), TrustListVerifier(TrustList(authority.certificates)), b"a secret of the tests, long enough"
    )


@pytest.fixture(scope="session")
async def central_template(server: Server, dependencies: Dependencies) -> str:
    """A migrated database with the registers loaded; made once for a state of the migrations."""
    found = migrations.read(*MIGRATIONS)
    digest = hashlib.sha256("".join(migration.digest for migration in found).encode()).hexdigest()[:12]
    name = f"central_{digest}"
    if not await server.exists(name):
        making = f"{name}_{hashlib.sha256(str(id(server)).encode()).hexdigest()[:6]}"
        await server.copy("template0", making)
        async with opened(server.url(making)) as database:
            async with database.connection() as db:
                await migrations.migrate(db, found)
                await audit.make_partitions(db, NOW)
            async with database.transaction() as db:
                await load_registers(Work(NOBODY, NOW, db, dependencies))
        if await server.exists(name):
            await server.drop(making)
        else:
            await server.execute(f"alter database {making} rename to {name}")
    return name


@pytest.fixture(scope="session")
async def world_template(
    server: Server, central_template: str, process_name: str, dependencies: Dependencies, authority: Authority
) -> AsyncIterator[tuple[str, World]]:
    """A database of this process with the world of the tests in it."""
    name = f"{process_name}_world"
    await server.copy(central_template, name)
    async with opened(server.url(name)) as database, database.transaction() as db:
        world = await build_world(Work(NOBODY, NOW, db, dependencies), authority)
    yield name, world
    await server.drop(name)


@pytest.fixture(scope="session")
async def one_database(server: Server, world_template: tuple[str, World], process_name: str) -> AsyncIterator[str]:
    await server.copy(world_template[0], process_name)
    yield server.url(process_name)
    await server.drop(process_name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
async def kept(one_database: str) -> AsyncIterator[Kept]:
    async with opened(one_database) as holder:
        yield Kept(holder)


@pytest.fixture
async def database(kept: Kept) -> AsyncIterator[OneConnection]:
    """The process's database; whatever a test writes is rolled back."""
    async with kept.rolled_back() as connection:
        yield OneConnection(connection)


@pytest.fixture
async def fresh_database(
    server: Server, world_template: tuple[str, World], process_name: str
) -> AsyncIterator[Database]:
    """A database of its own with many connections: for races. Not rolled back, dropped."""
    name = f"{process_name}_fresh"
    await server.copy(world_template[0], name)
    async with opened(server.url(name), size=8) as database:
        yield database
    await server.drop(name)


@pytest.fixture
def db(database: OneConnection) -> Connection:
    """The connection of the test, for builders and for looking at what was written."""
    return database._connection


@pytest.fixture
def work(db: Connection, dependencies: Dependencies) -> Work:
    """Work of nobody, for builders that go through real commands."""
    return Work(NOBODY, NOW, db, dependencies)


def _settings() -> Settings:
    return Settings({"ESOZ_CENTRAL_URL": "https://api.test"})


@pytest.fixture
def api(database: OneConnection, dependencies: Dependencies, clock: FixedClock) -> API:
    return make_api(database, dependencies, clock, _settings())


@pytest.fixture
def fresh_api(fresh_database: Database, dependencies: Dependencies, clock: FixedClock) -> API:
    """The API over many connections, for races."""
    return make_api(fresh_database, dependencies, clock, _settings())


@pytest.fixture
def worker(database: OneConnection, dependencies: Dependencies, clock: FixedClock) -> Worker:
    """Performs jobs when told: `await worker.perform_one()`."""
    return Worker(database, JOB_HANDLERS, dependencies=dependencies, clock=clock)


@pytest.fixture
async def world(world_template: tuple[str, World], api: API) -> AsyncIterator[World]:
    """Everyone of the world, calling the API of this test."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://api.test") as client:
        yield world_template[1].calling(client)


@pytest.fixture
async def fresh_world(world_template: tuple[str, World], fresh_api: API) -> AsyncIterator[World]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(fresh_api), base_url="https://api.test") as client:
        yield world_template[1].calling(client)


@pytest.fixture
def doctor(world: World) -> Caller:
    return world.doctor


@pytest.fixture
def foreign_doctor(world: World) -> Caller:
    """A doctor of another clinic."""
    return world.foreign_doctor


@pytest.fixture
def pharmacist(world: World) -> Caller:
    return world.pharmacist


@pytest.fixture
def other_pharmacist(world: World) -> Caller:
    """A pharmacist of another pharmacy."""
    return world.other_pharmacist


@pytest.fixture
def specialist(world: World) -> Caller:
    """A doctor of a hospital who has no declarations."""
    return world.specialist


@pytest.fixture
def registrar(world: World) -> Caller:
    return world.registrar


@pytest.fixture
def patient(world: World) -> Caller:
    """The patient in their cabinet."""
    return world.patient


@pytest.fixture
async def stocked(work: Work) -> None:
    """Two antibiotics and their programme."""
    await dictionaries.load(work.db)
    await stock(work, "амоксицилін", "азитроміцин")
