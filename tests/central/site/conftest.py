"""The pages of central over the database of the test, and a browser without JavaScript."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.central.site import make_site
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, Work
from tests.central.conftest import OneConnection
from tests.factories.world import World
from tests.summaries import with_lines_told_apart

BASE_URL = "https://api.test"
PASSWORD, EMAIL, PHONE = "Дуже-довгий-пароль-1", "olena@clinic.example", "+380671234567"
CHIEF = "chief@central.example"
REDIRECT = "https://mis.test/oauth/callback"
CSRF = re.compile(r'name="csrf" value="(\w+)"')


@dataclass
class Browser:
    """Opens pages and sends forms with the token of the page that was opened last."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **query: str) -> httpx.Response:
        return self._seen(await self.http.get(path, params=query or None))

    async def follow(self, path: str) -> httpx.Response:
        """Open a page and what it leads to."""
        return self._seen(await self.http.get(path, follow_redirects=True))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return self._seen(await self.http.post(path, data={"csrf": self.csrf, **fields}))

    def _seen(self, response: httpx.Response) -> httpx.Response:
        if found := CSRF.search(response.text):
            self.csrf = found[1]
        return with_lines_told_apart(response)


@pytest.fixture
async def browser(database: OneConnection, dependencies: Dependencies, clock: FixedClock) -> AsyncIterator[Browser]:
    site = make_site(database, dependencies, clock, Settings({"ESOZ_CENTRAL_URL": BASE_URL}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
        yield Browser(client)


@pytest.fixture
async def worker_id(world: World, work: Work, db: Connection) -> UUID:
    """A doctor with a password, at a clinic that is connected to a MIS."""
    user = await identity.create_user(work, email=EMAIL, password=PASSWORD)
    await identity.give_role(work, user.id, world.doctor.client_id, "DOCTOR")
    broker = await db.fetchval("select id from brokers where kind = 'MIS'")
    await identity.connect(work, client_id=world.doctor.client_id, broker_id=broker, redirect_uri=REDIRECT)
    return user.id


@pytest.fixture
def asked(world: World, worker_id: UUID) -> str:
    """The query of /sign-in that the clinic's MIS sends its doctor with."""
    scope = "episode:read+person:read"
    return f"client_id={world.doctor.client_id}&redirect_uri={REDIRECT}&scope={scope}&state=xyz"


async def last_code(db: Connection) -> str:
    """The code of the newest SMS."""
    body: str = await db.fetchval("select body from messages where channel = 'sms' order by inserted_at desc, id desc")
    return body.rpartition(" ")[2]


@pytest.fixture
async def administrator(browser: Browser, work: Work, db: Connection) -> Browser:
    await identity.create_administrator(work, email=CHIEF, password=PASSWORD, phone=PHONE)
    await browser.get("/sign-in?next=/administration")
    response = await browser.send("/sign-in?next=/administration", email=CHIEF, password=PASSWORD)
    place = response.headers["location"]
    assert place.startswith("/sign-in/code")
    assert (await browser.get("/administration")).status_code == 303
    await browser.get(place)
    response = await browser.send(place, code=await last_code(db))
    assert response.headers["location"] == "/administration"
    return browser


@pytest.fixture
async def official(administrator: Browser, db: Connection) -> Browser:
    """Somebody with every role of central, for walks over all pages."""
    await db.execute(
        "insert into global_roles (user_id, role, inserted_at) select id, $2, inserted_at from users where email = $1",
        CHIEF,
        identity.CONTACT_CENTRE,
    )
    return administrator


OPERATOR = "operator@central.example"


@pytest.fixture
async def operator(browser: Browser, work: Work, db: Connection) -> Browser:
    """An operator of the contact centre who is signed in."""
    await identity.create_official(work, identity.CONTACT_CENTRE, email=OPERATOR, password=PASSWORD, phone=PHONE)
    await browser.get("/sign-in?next=/contact-centre")
    response = await browser.send("/sign-in?next=/contact-centre", email=OPERATOR, password=PASSWORD)
    place = response.headers["location"]
    await browser.get(place)
    response = await browser.send(place, code=await last_code(db))
    assert response.headers["location"] == "/contact-centre"
    return browser
