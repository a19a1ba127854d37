"""The portal and id.gov.ua on databases of their own, over the real central; one browser that goes between the two."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

import base64
import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.http import API
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.work import Work
from esoz.processes import MIGRATIONS
from esoz.sandbox import build
from esoz.sandbox.country import KYIV
from esoz.sandbox.govid import app as govid
from esoz.sandbox.identities import Identity
from esoz.sandbox.papers import papers
from esoz.sandbox.portal import app as portal
from esoz.signature import Authority, Issued, TrustList, sign
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
from tests.conftest import Server
from tests.diia.conftest import Screen
from tests.emptying import empty_all_tables
from tests.factories.world import World, key_for

PORTAL, GOVID = "http://portal.test", "http://id.test"


@pytest.fixture(scope="session")
def process_name() -> str:
    """Names of databases that differ from those of central's own tests in the same process."""
    return f"test_{os.getpid()}_portal"


async def made(server: Server, name: str, part: str) -> str:
    await server.copy("template0", name)
    database = Database(server.url(name), size=1)
    await database.open()
    async with database.connection() as connection:
        await migrations.migrate(connection, migrations.read(*MIGRATIONS[part]))
        await audit.make_partitions(connection, NOW)
    await database.close()
    return server.url(name)


@pytest.fixture(scope="session")
async def urls(server: Server, process_name: str) -> AsyncIterator[dict[str, str]]:
    names = {part: f"{process_name}_{part}" for part in ("portal", "govid")}
    yield {part: await made(server, name, part) for part, name in names.items()}
    for name in names.values():
        await server.drop(name)


async def emptied(url: str) -> AsyncIterator[Database]:
    found = Database(url, size=4)
    await found.open()
    async with found.connection() as connection:
        await empty_all_tables(connection)
    yield found
    await found.close()


@pytest.fixture
async def own_database(urls: dict[str, str]) -> AsyncIterator[Database]:
    async for found in emptied(urls["portal"]):
        yield found


@pytest.fixture
async def id_database(urls: dict[str, str]) -> AsyncIterator[Database]:
    async for found in emptied(urls["govid"]):
        yield found


@dataclass
class Road(httpx.AsyncBaseTransport):
    """The portal's road to central and to id.gov.ua, which a test can cut."""

    api: API
    identity: govid.Identity
    is_cut: bool = False
    asked: list[httpx.Request] = field(default_factory=list)  # of id.gov.ua

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("no way")
        if request.url.host == "id.test":
            self.asked.append(request)
            return await httpx.ASGITransport(self.identity).handle_async_request(request)
        return await httpx.ASGITransport(self.api).handle_async_request(request)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        {
            "ESOZ_SANDBOX": "1",
            "ESOZ_CENTRAL_URL": "https://api.test",
            "ESOZ_PORTAL_URL": PORTAL,
            "ESOZ_GOVID_URL": GOVID,
            "ESOZ_SECRET": "the installation's secret, long enough",
            "ESOZ_VAR": str(tmp_path),
        }
    )


@pytest.fixture
def ways(authority: Authority) -> Signing:
    return Signing(SignedFiles(TrustListVerifier(TrustList(authority.certificates))))


@pytest.fixture
def identity(settings: Settings, id_database: Database, clock: FixedClock, ways: Signing) -> govid.Identity:
    return govid.make_app(settings, id_database, clock, ways)


@pytest.fixture
def road(api: API, identity: govid.Identity) -> Road:
    return Road(api, identity)


@pytest.fixture
async def site(
    settings: Settings, own_database: Database, work: Work, clock: FixedClock, road: Road, ways: Signing
) -> AsyncIterator[portal.Portal]:
    """The portal, connected to central as the sandbox connects it."""
    await build.connect_door(work, "portal", PORTAL)
    found = portal.make_app(settings, own_database, clock, ways=ways, transport=road)
    await found.services.dictionaries.refresh(found.services.central, clock.now())
    yield found
    await found.close()


@dataclass(frozen=True)
class Registers:
    """demo.json: whom the bank's list and the state's registers know."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)

    def put(self, person: Identity) -> Identity:
        row = {"tax_id": person.tax_id, "name": person.full_name, "key_file": "unused", "shown": False}
        self.rows.append(row | {"papers": papers(person, KYIV, NOW.date())})
        (self.folder / "demo.json").write_text(json.dumps({"people": self.rows}), "utf-8")
        return person


@pytest.fixture
def registers(tmp_path: Path) -> Registers:
    return Registers(tmp_path)


class Visitor(Screen):
    """A browser of one person, who signs with their key; it goes between the portal and id.gov.ua."""

    key: Issued
    now: Any

    @property
    def signature(self) -> str:
        """The document of the page, signed; base64."""
        found = re.search(r'data-kep-content value="([^"]+)"', self.page.text)
        assert found is not None, self.page.text
        signed = sign(base64.b64decode(found[1]), self.key.key, self.key.certificate, at=self.now())
        return base64.b64encode(signed).decode()

    async def sign(self, path: str, **fields: str) -> httpx.Response:
        return await self.send(path, signed_content=self.signature, **fields)

    async def to_identification(self, next: str = "/") -> None:
        """From the portal to the choice of a way at id.gov.ua."""
        await self.open("/sign-in", next=next)
        await self.send("/sign-in", next=next)
        await self.follow()
        await self.follow()
        assert self.page.status_code == 200, self.text

    @property
    def here(self) -> str:
        """The identification that is open."""
        return f"{GOVID}/identifications/{self.page.url.path.split('/')[2]}"

    async def identify(self, person: Identity) -> None:
        """Prove oneself by the bank, and agree; the browser is led back next."""
        await self.post(f"{self.here}/person", tax_id=person.tax_id)
        await self.open(f"{GOVID}{self.page.headers['location']}")
        await self.send(f"{self.here}/consent")

    async def comes_in(self, person: Identity, next: str = "/") -> None:
        """Into the portal."""
        await self.to_identification(next)
        await self.identify(person)
        await self.follow()
        assert self.page.headers["location"] == next, self.text

    async def enters(self, person: Identity) -> None:
        """Into the portal, and with a signature into ЕСОЗ."""
        await self.comes_in(person)
        await self.open("/esoz")
        await self.sign("/esoz", content=self.hidden("content"), next="/")

    async def follow(self) -> httpx.Response:
        assert self.page.status_code == 303, self.text
        return await self.open(str(self.page.url.join(self.page.headers["location"])))


@pytest.fixture
async def visitor(site: portal.Portal, identity: govid.Identity, clock: FixedClock) -> AsyncIterator[Visitor]:
    mounts = {GOVID: httpx.ASGITransport(identity)}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), mounts=mounts, base_url=PORTAL) as client:
        found = Visitor(client)
        found.now = clock.now
        yield found


@pytest.fixture
def declared(registers: Registers, visitor: Visitor, world: World, work: Work) -> Identity:
    """The patient of the world, who has a doctor."""
    visitor.key = world.patient.key
    return registers.put(next(build.families(work.today, 12))[0])


@pytest.fixture
def newcomer(registers: Registers, visitor: Visitor, authority: Authority, work: Work) -> Identity:
    """Somebody whom central does not know."""
    person = build.newcomers(work.today)[0]
    visitor.key = key_for(authority, work, person)
    return registers.put(person)
