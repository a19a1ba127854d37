"""mis on real PostgreSQL against the real central: both as ASGI applications, over the public API only."""

# ruff: noqa: F811 fixtures of central's tests are imported and then named as arguments

import html
import os
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.central.app import JOB_HANDLERS, make_api
from esoz.central.dictionaries import dictionaries as central_dictionaries
from esoz.kernel import audit, migrations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.jobs import Worker as JobWorker
from esoz.kernel.passwords import Passwords
from esoz.kernel.settings import Settings
from esoz.kernel.vault import Vault
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import MIGRATIONS, Mis, make_app
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.base.services import VAULT
from esoz.mis.documents.sync import DocumentSender
from esoz.mis.link.dictionaries import refresh
from esoz.mis.sign_in import login
from esoz.sdk import Central
from tests.central.conftest import (  # noqa: F401 the same world for both parts
    NOW,
    authority,
    central_template,
    clock,
    dependencies,
    world_template,
)
from tests.conftest import Server
from tests.emptying import empty_all_tables, empty_tables
from tests.factories.world import API_KEY, Caller, World
from tests.summaries import with_lines_told_apart

PASSWORD = "Правильний-2026"
SECRET = "secret of the clinic at central"
MIS_URL = "https://mis.test"
CENTRAL_URL = "https://api.test"
CALLBACK = f"{MIS_URL}/oauth/callback"
# Who works where, what central's dictionaries say and the audit log; all else begins empty.
STAYING = ("clinics", "users", "workplaces", "dictionaries", "dictionary_values")


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to central, which a test can cut: before the request, or after it so that only the answer is lost."""

    inner: httpx.AsyncBaseTransport
    seen: list[httpx.Request] = field(default_factory=list)
    is_cut: bool = False
    loses_answer: Callable[[httpx.Request], bool] = lambda _request: False
    answers: dict[str, httpx.Response] = field(default_factory=dict)  # "GET /path" → a planned answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        self.seen.append(request)
        planned = self.answers.get(f"{request.method} {request.url.path}")
        response = planned or await self.inner.handle_async_request(request)
        if self.loses_answer(request):
            raise httpx.ReadError("lost")
        return response

    def paths(self, method: str) -> list[str]:
        return [request.url.path for request in self.seen if request.method == method]


@pytest.fixture(scope="session")
def process_name() -> str:
    return f"test_{os.getpid()}_mis"  # names of databases differ from those of central's own tests


@pytest.fixture(scope="session")
async def central_database(
    server: Server,
    world_template: tuple[str, World],
    process_name: str,
) -> AsyncIterator[Database]:
    """Central's database of these tests; they do not undo what they did there, each works with its own records."""
    name = f"{process_name}_central"
    await server.copy(world_template[0], name)
    database = Database(server.url(name), size=8)
    await database.open()
    async with database.connection() as db:
        await central_dictionaries.load(db)
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture(scope="session")
async def connected(central_database: Database, world_template: tuple[str, World], dependencies: Dependencies) -> World:
    """The clinics of the world are connected to this MIS, with a redirect address and a secret."""
    world = world_template[1]
    async with central_database.transaction() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        broker = await db.fetchval("select id from brokers where kind = 'MIS'")
        for client_id in {world.doctor.client_id, world.foreign_doctor.client_id, world.pharmacist.client_id}:
            await identity.connect(work, client_id=client_id, broker_id=broker, redirect_uri=CALLBACK, secret=SECRET)
    return world


@pytest.fixture(scope="session")
async def mis_database(server: Server, process_name: str) -> AsyncIterator[Database]:
    name = f"{process_name}_own"
    await server.copy("template0", name)
    database = Database(server.url(name), size=8)
    await database.open()
    async with database.connection() as db:
        await migrations.migrate(db, migrations.read(*MIGRATIONS))
        await audit.make_partitions(db, NOW)
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture
async def wire(central_database: Database, dependencies: Dependencies, clock: FixedClock) -> Wire:
    return Wire(_way(central_database, dependencies, clock))


def _way(database: Database, dependencies: Dependencies, clock: FixedClock) -> httpx.ASGITransport:
    return httpx.ASGITransport(make_api(database, dependencies, clock, Settings({"ESOZ_CENTRAL_URL": CENTRAL_URL})))


@pytest.fixture
def jobs(central_database: Database, dependencies: Dependencies, clock: FixedClock) -> JobWorker:
    """Central's worker: performs jobs when told."""
    return JobWorker(central_database, JOB_HANDLERS, dependencies=dependencies, clock=clock)


@pytest.fixture(scope="session")
async def people(mis_database: Database, connected: World) -> dict[str, UUID]:
    """Users of the workplace: the people of the world, by name; dictionaries are here too."""
    settings = Settings({"ESOZ_SECRET": "a secret of the tests, long enough"})
    found: dict[str, UUID] = {}
    async with mis_database.transaction() as db:
        vault, passwords = Vault(settings.secret(), VAULT), Passwords()
        for caller, type in ((connected.doctor, "PRIMARY_CARE"), (connected.pharmacist, "PHARMACY")):
            await login.add_clinic(
                db,
                vault,
                caller.client_id,
                name=f"Заклад {type}",
                type=type,
                client_secret=SECRET,
                redirect_uri=CALLBACK,
            )
        for role, caller in (("DOCTOR", connected.doctor), ("RECEPTIONIST", connected.registrar)):
            found[role] = await make_user(db, passwords, role, caller)
        found["PHARMACIST"] = await make_user(db, passwords, "PHARMACIST", connected.pharmacist)
    return found


async def make_user(db: Connection, passwords: Passwords, role: str, caller: Caller) -> UUID:
    """A user with one workplace; the address is the role's."""
    person = login.Person(last_name="Ковальчук", first_name="Ґалина", second_name="Їжаківна", tax_id=caller.tax_id)
    user_id = await login.add_user(db, passwords, email_of(role), PASSWORD, person=person, at=NOW)
    assert caller.employee_id
    await login.add_workplace(
        db,
        user_id,
        caller.client_id,
        role=role,
        employee_id=caller.employee_id,
        division_id=caller.division_id,
        position="терапевт",
    )
    return user_id


def email_of(role: str) -> str:
    return f"{role.lower()}@clinic.example"


@pytest.fixture(scope="session")
async def password_hash() -> str:
    """Of the password that everybody has when a test begins."""
    return await Passwords().hash(PASSWORD)


@pytest.fixture(scope="session")
async def books(mis_database: Database, central_database: Database, dependencies: Dependencies) -> Dictionaries:
    """Central's dictionaries as this workplace has fetched and kept them."""
    found = Dictionaries()
    way = _way(central_database, dependencies, FixedClock(NOW))
    async with Central(CENTRAL_URL, api_key=API_KEY, transport=way) as central:
        await refresh(mis_database, central, found, NOW)
    return found


@pytest.fixture
async def mis(
    mis_database: Database,
    central_database: Database,
    people: dict[str, UUID],
    password_hash: str,
    books: Dictionaries,
    wire: Wire,
    clock: FixedClock,
    dependencies: Dependencies,
) -> AsyncIterator[Mis]:
    """The workplace with empty tables; its background works run only when a test says so."""
    async with central_database.connection() as db:
        await empty_tables(db, "episodes")  # lists of a patient begin empty
    async with mis_database.connection() as db:
        await empty_all_tables(db, STAYING)
        await db.execute("update clinics set password_days = null, second_factor_from = null")
        await db.execute(
            "update users set is_active = true, password_hash = $1, password_set_at = $2", password_hash, NOW
        )
    settings = Settings(
        {"ESOZ_MIS_URL": MIS_URL, "ESOZ_CENTRAL_URL": CENTRAL_URL, "ESOZ_SECRET": "a secret of the tests, long enough"}
    )
    central = Central(CENTRAL_URL, api_key=API_KEY, transport=wire)
    app = make_app(settings, mis_database, central, clock, verifier=dependencies.verifier)
    app.services.dictionaries.take(books)
    yield app
    await central.close()


@pytest.fixture
def sender(mis: Mis) -> DocumentSender:
    return DocumentSender(mis.services)


@dataclass
class Browser:
    """A browser without scripts: follows redirects, fills in forms as they were served."""

    client: httpx.AsyncClient
    page: httpx.Response | None = None

    async def get(self, path: str, **query: str) -> httpx.Response:
        self.page = await self.client.get(path, params=query or None, follow_redirects=True)
        return with_lines_told_apart(self.page)

    async def send(self, path: str = "", *, follow: bool = True, **values: object) -> httpx.Response:
        """Fill in the form of the present page that leads to `path` and send it."""
        assert self.page is not None
        action, given = form_of(self.page.text, path or urlsplit(str(self.page.url)).path)
        given |= {name: str(value) for name, value in values.items()}
        self.page = await self.client.post(action, data=given, follow_redirects=follow)
        return with_lines_told_apart(self.page)

    @property
    def path(self) -> str:
        assert self.page is not None
        return self.page.url.path

    @property
    def text(self) -> str:
        """The visible text of the page."""
        assert self.page is not None
        body = re.sub(r"<(script|style|head|svg)\b.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def form_of(page: str, action: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the form that leads to `action`, with the values it was served with."""
    for found in re.finditer(r"<form method=\"post\" action=\"([^\"]*)\"(.*?)</form>", page, re.DOTALL):
        if html.unescape(found[1]) == action:
            return action, _fields(found[2])
    raise AssertionError(f"no form leads to {action}")


def _fields(form: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if name and kind not in {"file"} and (kind not in {"radio", "checkbox"} or " checked" in tag):
            fields.setdefault(name, _attribute(tag, "value"))
    for name, body in re.findall(r"<textarea\b[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</textarea>", form, re.DOTALL):
        fields[name] = html.unescape(body)
    for name, body in re.findall(r"<select\b[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>", form, re.DOTALL):
        chosen = re.search(r"<option value=\"([^\"]*)\" selected", body) or re.search(
            r"<option value=\"([^\"]*)\"", body
        )
        fields[name] = html.unescape(chosen[1]) if chosen else ""
    return fields


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\b{name}=\"([^\"]*)\"", tag)
    return html.unescape(found[1]) if found else ""


@pytest.fixture
async def browser(mis: Mis) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(mis), base_url=MIS_URL) as client:
        yield Browser(client)


@dataclass
class Consent:
    """Central's consent pages in the place of a person: gives a code for what the address asks."""

    database: Database
    dependencies: Dependencies
    clock: FixedClock

    async def code(self, user_id: UUID, address: str) -> str:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert "@" in asked["login_hint"]  # who is expected at central's door
        async with self.database.transaction() as db:
            work = Work(NOBODY, self.clock.now(), db, self.dependencies)
            issued = await identity.authorize(
                work,
                user_id,
                UUID(asked["client_id"]),
                asked["redirect_uri"],
                asked["scope"],
                challenge=asked["code_challenge"],
            )
        return issued.value

    async def answer(self, user_id: UUID, address: str) -> str:
        """The path of the callback that the browser is sent to."""
        state = parse_qs(urlsplit(address).query)["state"][0]
        return f"/oauth/callback?code={await self.code(user_id, address)}&state={state}"


@pytest.fixture
def consent(central_database: Database, dependencies: Dependencies, clock: FixedClock) -> Consent:
    return Consent(central_database, dependencies, clock)


async def come_in(browser: Browser, consent: Consent, role: str, caller: Caller, *, wanted: str = "/") -> Browser:
    """Sign in and consent; ends on the wanted page."""
    await browser.get("/sign-in", next=wanted)
    asked = await browser.send("/sign-in", follow=False, email=email_of(role), password=PASSWORD)
    start = await browser.client.get(asked.headers["location"])
    await browser.get(await consent.answer(caller.user_id, start.headers["location"]))
    return browser


@pytest.fixture
async def doctor(browser: Browser, consent: Consent, connected: World) -> Browser:
    """A doctor at their desk."""
    return await come_in(browser, consent, "DOCTOR", connected.doctor)


@pytest.fixture
async def head(mis: Mis, connected: World) -> UUID:
    """The head of the doctor's clinic."""
    async with mis.services.database.transaction() as db:
        found = await db.fetchval("select id from users where email = $1", email_of("OWNER"))
        return found or await make_user(db, mis.services.passwords, "OWNER", connected.owner)


@pytest.fixture
async def patient_id(doctor: Browser, connected: World) -> UUID:
    """The patient who has a declaration with the doctor, found by search and opened."""
    person = connected.persons[0]
    await doctor.get(
        "/patients", q=f"{person.last_name} {person.first_name} {person.second_name} {person.birth_date:%d.%m.%Y}"
    )
    await doctor.get(f"/patients/{person.id}")
    assert doctor.path == f"/patients/{person.id}"
    return person.id


@dataclass
class Post:
    """Carries documents and lets central perform their jobs until nothing moves."""

    sender: DocumentSender
    jobs: JobWorker
    clock: FixedClock

    async def carry(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            while await self.sender.step():
                pass
            while await self.jobs.perform_one():
                pass
            self.clock.forward(timedelta(seconds=3))
        while await self.sender.step():
            pass


@pytest.fixture
def post(sender: DocumentSender, jobs: JobWorker, clock: FixedClock) -> Post:
    return Post(sender, jobs, clock)
