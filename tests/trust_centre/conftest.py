"""The trust centre on real PostgreSQL: made once for a run, every test in a transaction that is rolled back."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.settings import Settings
from esoz.signature import Certificate, KeyEntry, TrustList, open_key_file
from esoz.trust_centre import MIGRATIONS, Centre, TrustCentre, open_centre, operator_key
from tests.conftest import Server

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BASE = "http://ca.test:8450"
SETTINGS = Settings(
    {
        "ESOZ_SANDBOX": "1",
        "ESOZ_TRUST_CENTRE_URL": BASE,
        "ESOZ_SECRET": "a secret of the tests, long enough",
    }
)
DOCTOR = {
    "surname": "Кобилянська",
    "given_name": "Ольга Юліанівна",
    "drfo": "2222222222",
    "unzr": "19631127-00001",
    "organization": "Амбулаторія",
    "edrpou": "22222222",
    "title": "лікар",
}
SEAL = {"organization": "Амбулаторія", "edrpou": "22222222", "is_seal": True}
PASSWORD = "пароль до ключа"


class OneConnection(Database):
    """A database of one connection inside a transaction that is rolled back after the test."""

    def __init__(self, connection: Connection) -> None:
        super().__init__("")
        self.only = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with self._turn, self.only.transaction():
            yield self.only


@asynccontextmanager
async def opened(url: str, *, size: int = 1) -> AsyncIterator[Database]:
    """A database that is closed whatever happens."""
    database = Database(url, size=size)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
async def centre_database(server: Server, process_name: str) -> AsyncIterator[tuple[str, Centre]]:
    """URL of a migrated database with the houses in it, and the centre opened from it."""
    name = f"{process_name}_trust_centre"
    await server.copy("template0", name)
    async with opened(server.url(name)) as database:
        async with database.connection() as db:
            await migrations.migrate(db, migrations.read(*MIGRATIONS))
            await audit.make_partitions(db, NOW)
        made = await open_centre(database, FixedClock(NOW), SETTINGS, random=random.Random(3).randbytes)
    yield name, made
    await server.drop(name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def centre(centre_database: tuple[str, Centre]) -> Centre:
    return centre_database[1]


@pytest.fixture
def trust(centre: Centre) -> TrustList:
    return TrustList(centre.certificates)


@pytest.fixture
async def database(server: Server, centre_database: tuple[str, Centre]) -> AsyncIterator[OneConnection]:
    async with opened(server.url(centre_database[0])) as holder, holder.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield OneConnection(connection)
        await transaction.rollback()


@pytest.fixture
def db(database: OneConnection) -> Connection:
    return database.only


@pytest.fixture
async def fresh_database(
    server: Server, centre_database: tuple[str, Centre], process_name: str
) -> AsyncIterator[Database]:
    """A copy with many connections: for races and restarts. Dropped, not rolled back."""
    name = f"{process_name}_tc_fresh"
    await server.copy(centre_database[0], name)
    async with opened(server.url(name), size=4) as database:
        yield database
    await server.drop(name)


def application(database: Database, centre: Centre, clock: FixedClock) -> TrustCentre:
    made = TrustCentre(SETTINGS, database, clock)
    made.assemble(centre)
    return made


class Operator:
    """Calls the centre as its operator does, and as everybody does."""

    def __init__(self, app: TrustCentre) -> None:
        self.app = app
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)
        self.key = {"X-API-Key": operator_key(SETTINGS)}

    async def post(self, path: str, body: object) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.key)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query, headers=self.key)

    async def issue(self, family: str = "ecdsa", **more: Any) -> dict[str, Any]:
        """A new key with its certificate: the answer's data."""
        body = {"family": family, "identity": DOCTOR, "password": PASSWORD} | more
        answer = await self.post("/api/certificates", body)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def revoke(self, id: str, reason: str = "key_compromise") -> httpx.Response:
        return await self.post(f"/api/certificates/{id}/actions/revoke", {"reason": reason})


@pytest.fixture
async def operator(database: OneConnection, centre: Centre, clock: FixedClock) -> AsyncIterator[Operator]:
    made = Operator(application(database, centre, clock))
    async with made.http:
        yield made


@pytest.fixture
async def fresh_operator(fresh_database: Database, centre: Centre, clock: FixedClock) -> AsyncIterator[Operator]:
    """The same over many connections."""
    made = Operator(application(fresh_database, centre, clock))
    async with made.http:
        yield made


@pytest.fixture(params=["dstu-gost", "dstu-kupyna", "ecdsa"])
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def certificate(data: dict[str, Any]) -> Certificate:
    return Certificate.parse(base64.b64decode(data["certificate"]))


def key_of(data: dict[str, Any]) -> KeyEntry:
    return open_key_file(base64.b64decode(data["key_file"]["content"]), PASSWORD).entries[0]


def refusal(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, error type, and which fields."""
    error = answer.json()["error"]
    return answer.status_code, error["type"], [each["entry"] for each in error.get("invalid") or []]


PEM = "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n"


def as_pem(found: Certificate) -> str:
    return PEM.format(base64.encodebytes(found.der).decode())
