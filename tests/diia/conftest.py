"""The telephone on a database of its own, over the real central: its API in this process, reached through the SDK."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.http import API
from esoz.kernel.settings import Settings
from esoz.kernel.work import Work
from esoz.processes import MIGRATIONS
from esoz.sandbox import build
from esoz.sandbox.country import KYIV
from esoz.sandbox.diia.app import Telephone, make_app
from esoz.sandbox.identities import Identity
from esoz.sandbox.papers import papers
from esoz.sdk.words import Dictionaries
from esoz.signature import Authority, Issued, write_jks
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
from tests.factories.world import World, key_for
from tests.summaries import with_lines_told_apart

BASE_URL = "http://diia.test"
INBOX = "inbox.test"
PASSWORD = "пароль"


@pytest.fixture(scope="session")
def process_name() -> str:
    """Names of databases that differ from those of central's own tests in the same process."""
    return f"test_{os.getpid()}_diia"


@pytest.fixture(scope="session")
async def diia_url(server: Server, process_name: str) -> AsyncIterator[str]:
    name = f"{process_name}_own"
    await server.copy("template0", name)
    database = Database(server.url(name), size=1)
    await database.open()
    async with database.connection() as connection:
        await migrations.migrate(connection, migrations.read(*MIGRATIONS["diia"]))
        await audit.make_partitions(connection, NOW)
    await database.close()
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def own_database(diia_url: str) -> AsyncIterator[Database]:
    found = Database(diia_url, size=4)
    await found.open()
    async with found.connection() as connection:
        await empty_all_tables(connection)
    yield found
    await found.close()


class Road(httpx.AsyncBaseTransport):
    """The road to central and to the inbox, which a test can cut."""

    def __init__(self, api: API) -> None:
        self.central = httpx.ASGITransport(api)
        self.is_cut = self.is_inbox_cut = False
        self.messages: list[dict[str, str]] = []
        self.losing: set[str] = set()  # paths whose next answer is lost

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == INBOX:
            if self.is_inbox_cut:
                raise httpx.ConnectError("no way to the inbox")
            wanted = request.url.params["recipient"]
            return httpx.Response(200, json=[each for each in self.messages if wanted in each["recipient"]])
        if self.is_cut:
            raise httpx.ConnectError("no way to central")
        answer = await self.central.handle_async_request(request)
        if request.url.path in self.losing:
            self.losing.remove(request.url.path)
            raise httpx.ReadError("the line broke")
        return answer


@pytest.fixture
def road(api: API) -> Road:
    return Road(api)


@dataclass
class Callbacks:
    """What acquirers were told."""

    accepts: bool = True
    bodies: list[bytes] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)

    def take(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0])
        self.headers.append(request.headers)
        return httpx.Response(200 if self.accepts else 422, json={"success": self.accepts})


@pytest.fixture
def callbacks() -> Callbacks:
    return Callbacks()


@dataclass(frozen=True)
class Drawer:
    """The key files and demo.json that the telephone reads."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)

    def put(self, person: Identity, key: Issued) -> Identity:
        file = self.folder / f"{person.tax_id}.jks"
        file.write_bytes(write_jks(key.key, key.chain, PASSWORD))
        row = {"tax_id": person.tax_id, "name": person.full_name, "key_file": str(file), "key_password": PASSWORD}
        self.rows.append(row | {"shown": False, "papers": papers(person, KYIV, NOW.date())})
        (self.folder / "demo.json").write_text(json.dumps({"people": self.rows}), "utf-8")
        return person


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer(tmp_path)


@pytest.fixture
def declared(drawer: Drawer, world: World, work: Work) -> Identity:
    """The patient of the world, who has a doctor."""
    return drawer.put(next(build.families(work.today, 12))[0], world.patient.key)


@pytest.fixture
def undeclared(drawer: Drawer, authority: Authority, work: Work, world: World) -> Identity:
    """A grown-up whom central knows and who has no doctor."""
    found = [member for family in build.families(work.today, 12) for member in family][1:]
    person = next(each for each in found if each.birth_date.year < work.today.year - 20)
    return drawer.put(person, key_for(authority, work, person))


@pytest.fixture
def newcomer(drawer: Drawer, authority: Authority, work: Work) -> Identity:
    """Somebody whom central does not know."""
    person = build.newcomers(work.today)[0]
    return drawer.put(person, key_for(authority, work, person))


@pytest.fixture(scope="session")
def told() -> Dictionaries:
    """Central's dictionaries, once a test has asked for them: many questions that every test would ask again."""
    return Dictionaries((), str)


@pytest.fixture
async def telephone(
    *,
    own_database: Database,
    work: Work,
    clock: FixedClock,
    road: Road,
    drawer: Drawer,
    callbacks: Callbacks,
    told: Dictionaries,
) -> AsyncIterator[Telephone]:
    """The telephone, connected to central as the sandbox connects it."""
    await build.connect_door(work, "diia", BASE_URL)
    settings = Settings(
        {
            "ESOZ_SANDBOX": "1",
            "ESOZ_CENTRAL_URL": "https://api.test",
            "ESOZ_INBOX_URL": f"http://{INBOX}",
            "ESOZ_DIIA_URL": BASE_URL,
            "ESOZ_SECRET": "the installation's secret, long enough",
            "ESOZ_VAR": str(drawer.folder),
        }
    )
    made = make_app(settings, own_database, clock, transport=road, back=httpx.MockTransport(callbacks.take))
    dictionaries = made.services.dictionaries
    dictionaries.take(told)
    if dictionaries.is_stale(clock.now()):
        await dictionaries.refresh(made.services.central, clock.now())
        told.take(dictionaries)
    yield made
    await made.services.inbox.aclose()
    await made.services.central.close()


class Screen:
    """The telephone's screen, as a browser without scripts shows it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
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

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found is not None, self.page.text
        return unescape(found.group(1))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that is open."""
        self.page = await self.client.post(path, data={"csrf": self.hidden("csrf"), **fields})
        return with_lines_told_apart(self.page)

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """The same for a form that counts once."""
        return await self.post(path, form_token=self.hidden("form_token"), **fields)

    async def follow(self) -> httpx.Response:
        """Where the answer leads."""
        assert self.page.status_code == 303, self.text
        return await self.open(self.page.headers["location"])

    async def hold(self, person: Identity) -> None:
        """Take the telephone as this person."""
        await self.open("/holder")
        await self.post("/holder", tax_id=person.tax_id, next="/")
        assert self.page.status_code == 303, self.text

    async def enter(self, person: Identity) -> httpx.Response:
        """Take the telephone and come in to ЕСОЗ."""
        await self.hold(person)
        await self.open("/esoz")
        return await self.send("/esoz", content=self.hidden("content"), next="/")


@pytest.fixture
async def screen(telephone: Telephone) -> AsyncIterator[Screen]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(telephone), base_url=BASE_URL) as client:
        yield Screen(client)
