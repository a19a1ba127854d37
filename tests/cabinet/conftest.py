"""The cabinet on a database of its own, over the real central: its API in this process, reached through the SDK."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

import base64
import json
import os
import re
from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from esoz.cabinet import background, set_client
from esoz.cabinet.app import MIGRATIONS, Cabinet, make_app
from esoz.central import identity, uploads
from esoz.central.upload_door import UploadDoor
from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.http import API
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, Work
from esoz.sdk.words import Dictionaries
from tests.central.conftest import (  # noqa: F401  the fixtures of central
    NOW,
    api,
    authority,
    central_template,
    clock,
    database,
    db,
    dependencies,
    kept,
    one_database,
    stocked,
    work,
    worker,
    world,
    world_template,
)
from tests.central.prescriptions.conftest import dispensing, prescribing  # noqa: F401  its fixtures
from tests.conftest import Server
from tests.emptying import empty_all_tables
from tests.factories.world import CABINET_KEY, Caller, World, fixed_id
from tests.summaries import with_lines_told_apart

BASE_URL = "http://127.0.0.1:8420"
SECRET = "the installation's secret, long enough"
CLIENT_SECRET = "secret-of-the-test-cabinet"


@pytest.fixture(scope="session")
def process_name() -> str:
    """Names of databases that differ from those of central's own tests in the same process."""
    return f"test_{os.getpid()}_cabinet"


@pytest.fixture(scope="session")
async def cabinet_url(server: Server, process_name: str) -> AsyncIterator[str]:
    name = f"{process_name}_own"
    await server.copy("template0", name)
    database = Database(server.url(name), size=1)
    await database.open()
    async with database.connection() as connection:
        await migrations.migrate(connection, migrations.read(*MIGRATIONS))
        await audit.make_partitions(connection, NOW)
    await database.close()
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def own_database(cabinet_url: str) -> AsyncIterator[Database]:
    """The cabinet's database, its tables empty; the audit log is append only and stays."""
    found = Database(cabinet_url, size=4)
    await found.open()
    async with found.connection() as connection:
        await empty_all_tables(connection, ("registers",))
        await connection.execute("update registers set read_at = null, due_at = '2000-01-01'")
    yield found
    await found.close()


class Road(httpx.AsyncBaseTransport):
    """The road to central, which a test can cut or watch."""

    def __init__(self, api: ASGIApp) -> None:
        self.inner: httpx.AsyncBaseTransport = httpx.ASGITransport(api)
        self.is_cut = False
        self.asked: list[httpx.Request] = []
        self.answers: dict[str, httpx.Response] = {}
        self.losing: list[str] = []  # "before /path": the request is lost once; "after POST /path": its answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("no way to central")
        self.asked.append(request)
        self._lose("before", request)
        planned = self.answers.get(f"{request.method} {request.url.path}")
        answer = planned if planned is not None else await self.inner.handle_async_request(request)
        self._lose("after", request)
        return answer

    def _lose(self, when: str, request: httpx.Request) -> None:
        path = request.url.path
        for lost in (f"{when} {path}", f"{when} {request.method} {path}"):
            if lost in self.losing:
                self.losing.remove(lost)
                raise httpx.ReadError("the line broke")

    def count(self, path: str) -> int:
        return sum(request.url.path == path for request in self.asked)


@pytest.fixture
def road(api: API, database: Database, dependencies: Dependencies, clock: FixedClock) -> Road:
    """To the API and, as in the process of central, to the door of uploads beside it."""
    door = UploadDoor(database, dependencies, clock, BASE_URL)

    async def central(scope: Scope, receive: Receive, send: Send) -> None:
        await (door if scope["path"].startswith(uploads.PATH) else api)(scope, receive, send)

    return Road(central)


@pytest.fixture(scope="session")
def told() -> Dictionaries:
    """Central's dictionaries, once a test has asked for them: forty questions that every test would ask again."""
    return Dictionaries((), str)


@pytest.fixture
async def cabinet(
    *, own_database: Database, work: Work, world: World, clock: FixedClock, road: Road, told: Dictionaries
) -> AsyncIterator[Cabinet]:
    """The cabinet, connected to central as its operator would connect it."""
    client_id = fixed_id("cabinet")
    broker_id = await work.db.fetchval("select id from brokers where name = 'test cabinet'")
    await identity.connect(work, client_id=client_id, broker_id=broker_id, redirect_uri=BASE_URL, secret=CLIENT_SECRET)
    settings = Settings(
        {
            "ESOZ_CENTRAL_URL": "https://api.test",
            "ESOZ_CABINET_URL": BASE_URL,
            "ESOZ_SECRET": SECRET,
        }
    )
    async with own_database.transaction() as connection:
        await set_client(connection, settings.secret(), client_id, client_secret=CLIENT_SECRET, api_key=CABINET_KEY)
    made = make_app(settings, own_database, clock, transport=road)
    made.services.dictionaries.take(told)
    await background.refresh(made.services)
    told.take(made.services.dictionaries)
    yield made
    await made.services.gateway.close()


class Browser:
    """A browser without scripts: keeps cookies, sends forms; the КЕП signs what the page asks to sign."""

    def __init__(self, client: httpx.AsyncClient, world: World) -> None:
        self.client, self.world = client, world
        self.page = httpx.Response(200)

    async def open(self, path: str, **query: str) -> httpx.Response:
        self.page = await self.client.get(path, params=query or None)
        return self.page

    @property
    def text(self) -> str:
        """The words of the page, as they are read."""
        inner = re.sub(r"<(script|style|head).*?</\1>", "", self.page.text, flags=re.DOTALL)
        words = unescape(re.sub(r"<wbr>|<[^>]+>", lambda tag: "" if tag[0] == "<wbr>" else " ", inner))
        return " ".join(words.replace("\u00a0", " ").split())

    @property
    def csrf(self) -> str:
        return self.hidden("csrf")

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found is not None, self.page.text
        return unescape(found.group(1))

    @property
    def to_be_signed(self) -> bytes:
        found = re.search(r'data-kep-content value="([^"]+)"', self.page.text)
        assert found is not None, self.page.text
        return base64.b64decode(found.group(1))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        self.page = await self.client.post(path, data={"csrf": self.csrf, **fields})
        return with_lines_told_apart(self.page)

    async def sign_in(self, who: Caller | None = None, *, document: str | None = None) -> httpx.Response:
        """Open the sign-in page, sign what it shows, send it."""
        await self.open("/sign-in")
        assert self.page.status_code == 200, self.page.text
        return await self.send_signed(
            (who or self.world.patient).sign(self.to_be_signed) if document is None else document
        )

    async def send_signed(self, document: str) -> httpx.Response:
        return await self.post("/sign-in", signed_content=document, form_token=self.hidden("form_token"), next="/")


@pytest.fixture
async def visitor(cabinet: Cabinet, world: World) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cabinet), base_url=BASE_URL) as client:
        yield Browser(client, world)


@pytest.fixture
async def patient(visitor: Browser) -> Browser:
    """The patient of the world in their cabinet."""
    answer = await visitor.sign_in()
    assert answer.status_code == 303, visitor.text
    return visitor


@pytest.fixture
async def own(own_database: Database) -> AsyncIterator[Connection]:
    """The cabinet's database, for looking at what was written."""
    async with own_database.connection() as connection:
        yield connection


def error(status: int, type: str, message: str) -> httpx.Response:
    """An error as central publishes it."""
    body = {"meta": {"code": status, "request_id": "request-of-central"}, "error": {"type": type, "message": message}}
    return httpx.Response(status, content=json.dumps(body))


async def last_events(own: Connection, count: int) -> list[tuple[str, UUID | None]]:
    """The last lines of the cabinet's audit log: event and person; lines of earlier tests stand before them."""
    rows = await own.fetch("select event, person_id from audit_events order by id desc limit $1", count)
    return [(row["event"], row["person_id"]) for row in reversed(rows)]


async def more_like(db: Connection, request_id: str, count: int) -> list[str]:
    """More prescriptions like this one in central, written later; their numbers."""
    columns = await db.fetch(
        "select column_name as name from information_schema.columns where table_name = 'medication_requests'"
        " and is_generated = 'NEVER'"
    )
    changed = {
        "id": "$2::uuid",
        "inserted_at": "inserted_at + $3 * interval '1 second'",
        "request_number": "$4",
        "verification_code": "null",  # it is sealed for the first one
        "content": "content || jsonb_build_object('id', $2::uuid, 'request_number', $4::text)",
    }
    names = [column["name"] for column in columns]
    statement = (
        f"insert into medication_requests ({', '.join(names)})"
        f" select {', '.join(changed.get(name, name) for name in names)} from medication_requests where id = $1"
    )
    numbers = [f"0000-0000-0000-{number:04d}" for number in range(count)]
    for place, number in enumerate(numbers):
        await db.execute(statement, UUID(request_id), uuid4(), place + 1, number)
    return numbers
