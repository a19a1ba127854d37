"""People without a doctor, the SMS that they get, and the walk from the patient's page to the signature."""

import base64
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import people
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.factories.people import adult
from tests.factories.world import Caller, World

from ..conftest import CENTRAL_URL, NOW, Browser, Wire

_NUMBERS = itertools.count(700)
LETTERS = "АБВГДЕЖЗКЛМНОПРСТ"

MakePerson = Callable[..., Awaitable[people.Person]]


@pytest.fixture
async def of_central(central_database: Database) -> AsyncIterator[Connection]:
    """A look into central's database."""
    async with central_database.connection() as db:
        yield db


@pytest.fixture
def make_person(central_database: Database, dependencies: Dependencies) -> MakePerson:
    """Somebody new in central's register, with a name of their own."""

    async def make(**changes: Any) -> people.Person:
        number = next(_NUMBERS)
        name = "Ї" + "".join(LETTERS[int(digit)] for digit in str(number)).lower()
        details = adult(number, **{"last_name": name, **changes})
        async with central_database.transaction() as db:
            return await people.create_person(Work(NOBODY, NOW, db, dependencies), details)

    return make


async def open_patient(browser: Browser, person: people.Person) -> None:
    """Found by search and opened, so that the clinic knows who it is."""
    await browser.get(
        "/patients", q=f"{person.last_name} {person.first_name} {person.second_name} {person.birth_date:%d.%m.%Y}"
    )
    await browser.get(f"/patients/{person.id}")
    assert browser.path == f"/patients/{person.id}", browser.text


async def begin(browser: Browser, person: people.Person, caller: Caller, **values: object) -> str:
    """Choose the doctor for somebody; return the path of the request."""
    await open_patient(browser, person)
    await browser.get(f"/patients/{person.id}/declaration/new")
    await browser.send(**{"doctor": caller.employee_id, **values})
    assert browser.path.startswith("/declarations/requests/"), browser.text
    return browser.path


async def confirm(browser: Browser, path: str, code: object) -> None:
    await browser.send(f"{path}/confirm", code=code)


async def sms(db: Connection) -> list[str]:
    """All SMS that central has sent, the oldest first."""
    rows = await db.fetch("select body from messages where channel = 'sms' order by inserted_at, id")
    return [row["body"] for row in rows]


async def code_of(db: Connection) -> str:
    """The code of the last SMS with one."""
    found = [code for text in await sms(db) if (code := re.search(r"^Код (\d{4}) підтверджує вибір", text))]
    return found[-1][1]


def offered(browser: Browser) -> bytes:
    """The exact bytes that the page gives to be signed."""
    assert browser.page is not None
    return base64.b64decode(browser.page.text.split('data-kep-content value="')[1].split('"')[0])


async def sign(browser: Browser, path: str, caller: Caller, content: bytes | None = None) -> httpx.Response:
    """Sign in another program what the page offers, and send it."""
    signed = caller.sign(content if content is not None else offered(browser))
    return await browser.send(f"{path}/sign", signed_content=signed)


async def to_signature(browser: Browser, person: people.Person, caller: Caller, db: Connection) -> str:
    """To the page of the signature; return the path of the request."""
    path = await begin(browser, person, caller)
    await confirm(browser, path, await code_of(db))
    assert "Підпис декларації" in browser.text, browser.text
    return path


async def declare(browser: Browser, person: people.Person, world: World, db: Connection) -> str:
    """The whole way; return the path of the request."""
    path = await to_signature(browser, person, world.doctor, db)
    await sign(browser, path, world.doctor)
    assert "Декларацію підписано" in browser.text, browser.text
    return path


async def status_of(db: Connection, path: str) -> str:
    found: str = await db.fetchval(
        "select status from declaration_requests where id = $1", UUID(path.rsplit("/", 1)[-1])
    )
    return found


async def live(db: Connection, person_id: UUID) -> int:
    """How many declarations of a person live."""
    found: int = await db.fetchval(
        "select count(*) from declarations where person_id = $1 and status in ('active', 'pending_verification')",
        person_id,
    )
    return found


class WithUploads(httpx.AsyncBaseTransport):
    """Central's API, with its door of uploads beside it."""

    def __init__(self, inner: httpx.AsyncBaseTransport, door: UploadDoor) -> None:
        self.inner, self.door = inner, httpx.ASGITransport(door)
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.startswith("/uploads/"):
            return await self.inner.handle_async_request(request)
        self.sent.append(request)
        return await self.door.handle_async_request(request)


@pytest.fixture
def uploads(wire: Wire, central_database: Database, dependencies: Dependencies, clock: FixedClock) -> WithUploads:
    """Central with a door of uploads; tells what came there."""
    door = UploadDoor(central_database, dependencies, clock, CENTRAL_URL)
    both = WithUploads(wire.inner, door)
    wire.inner = both
    return both


@pytest.fixture(autouse=True)
def quiet_telephones(clock: FixedClock) -> None:
    """Codes of the tests before were sent long ago."""
    clock.forward(timedelta(minutes=2))
