"""A registrar at the desk, central with its door of uploads, codes read from the telephones."""

import base64
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import Dependencies
from esoz.mis.app import Mis
from esoz.mis.reception.registration.commands.signing import deliver
from esoz.signature import sign as sign_cades
from tests.emptying import empty_tables
from tests.factories.people import tax_id
from tests.factories.world import Caller, World
from tests.mis.conftest import CENTRAL_URL, Browser, Consent, Wire, come_in

HOME = "/registrations"


class WithUploads(httpx.AsyncBaseTransport):
    """Central's API and beside it the door of uploads, as one process serves them."""

    def __init__(self, api: httpx.AsyncBaseTransport, door: httpx.AsyncBaseTransport) -> None:
        self.api, self.door = api, door

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        way = self.door if request.url.path.startswith("/uploads/") else self.api
        return await way.handle_async_request(request)


NUMBERS = itertools.count(7_000_001)


def filled(settlement: UUID, **changes: str) -> dict[str, str]:
    """A form of a grown-up that central takes, each time somebody else."""
    number = next(NUMBERS)
    return {
        "last_name": "Їжаченко",
        "first_name": "Ґанна",
        "second_name": "Дем'янівна",
        "gender": "FEMALE",
        "birth_date": "1991-08-19",
        "birth_country": "Україна",
        "birth_settlement": "Вінниця",
        "tax_id": tax_id(number),
        "document_1_type": "PASSPORT",
        "document_1_number": f"АБ{number - 7_000_000:06d}",
        "document_1_issued_by": "Навчальний орган",
        "document_1_issued_at": "2010-02-28",
        "settlement": str(settlement),
        "street_type": "STREET",
        "street": "Садова",
        "building": "1",
        "phone": "067 111 22 33",
        "contact_last_name": "Їжаченко",
        "contact_first_name": "Остап",
        "contact_phone": "+380671112244",
        "code_word": "калинонька",
        "method": "OTP",
        "method_phone": f"+380{93_0000000 + number}",
    } | changes


@dataclass
class Desk:
    """A worker who registers people."""

    browser: Browser
    caller: Caller
    mis: Mis
    central: Database
    settlement: UUID
    clock: FixedClock

    async def begin(self, values: dict[str, str]) -> UUID:
        """Look for the person first; the id of the registration."""
        born = date.fromisoformat(values["birth_date"])
        await self.browser.get(f"{HOME}/new")
        names = {name: values[name] for name in ("last_name", "first_name", "second_name")}
        await self.browser.send(f"{HOME}/new", **names, birth_date=f"{born:%d.%m.%Y}")
        if self.browser.path == f"{HOME}/new":
            await self.browser.send(f"{HOME}/new", other="yes")
        assert self.browser.path.endswith("/edit"), self.browser.text
        return UUID(self.browser.path.split("/")[2])

    async def write(self, values: dict[str, str]) -> UUID:
        """The form, filled in."""
        id = await self.begin(values)
        await self.browser.send(f"{HOME}/{id}/edit", **values)
        return id

    async def ask(self, values: dict[str, str]) -> UUID:
        """Up to the patient's word: the telephone is confirmed on the way."""
        id = await self.write(values)
        assert self.browser.path == f"{HOME}/{id}/check", self.browser.text
        await self.browser.send(f"{HOME}/{id}/check")
        if self.browser.path.endswith("/phone"):
            await self.browser.send(f"{HOME}/{id}/phone", code=await self.code(values["method_phone"]))
        assert self.browser.path == f"{HOME}/{id}", self.browser.text
        return id

    async def confirm(self, values: dict[str, str]) -> UUID:
        id = await self.ask(values)
        await self.browser.send(f"{HOME}/{id}/confirm", code=await self.code(values["method_phone"]))
        assert self.browser.path == f"{HOME}/{id}/sign", self.browser.text
        return id

    async def sign(self, id: UUID) -> None:
        """On paper, then with the worker's key; not carried to central yet."""
        if f"{HOME}/{id}/paper" in str(self.browser.page and self.browser.page.text):
            await self.browser.send(f"{HOME}/{id}/paper", on_paper="yes")
        content = await self.value("select content from registrations where id = $1", id)
        assert isinstance(content, bytes)
        key = self.caller.key
        signed = sign_cades(content, key.key, key.certificate, at=self.clock.now())
        await self.browser.send(f"{HOME}/{id}/sign", signed_content=base64.b64encode(signed).decode())

    async def register(self, values: dict[str, str]) -> UUID:
        """All of it; the id of the person."""
        id = await self.confirm(values)
        await self.sign(id)
        await deliver(self.mis.services)
        person_id = await self.value("select person_id from registrations where id = $1", id)
        assert isinstance(person_id, UUID), await self.value("select refusal from registrations where id = $1", id)
        return person_id

    async def code(self, phone: str) -> str:
        """The newest code that a telephone got."""
        async with self.central.connection() as db:
            text = await db.fetchval(
                "select body from messages where recipient = $1 order by inserted_at desc, id desc limit 1", phone
            )
        found = re.search(r"\d{4}", text)
        assert found is not None
        return found[0]

    async def value(self, sql: str, *values: object) -> Any:
        async with self.mis.services.database.connection() as db:
            return await db.fetchval(sql, *values)

    async def at_central(self, sql: str, *values: object) -> Any:
        async with self.central.connection() as db:
            return await db.fetchval(sql, *values)

    async def state(self, id: UUID) -> str:
        return str(await self.value("select state from registrations where id = $1", id))


@pytest.fixture
async def wire(wire: Wire, central_database: Database, dependencies: Dependencies, clock: FixedClock) -> Wire:
    """The way to central, with the door of uploads."""
    door = httpx.ASGITransport(UploadDoor(central_database, dependencies, clock, CENTRAL_URL))
    wire.inner = WithUploads(wire.inner, door)
    return wire


@pytest.fixture
async def desk(
    *, mis: Mis, browser: Browser, consent: Consent, connected: World, central_database: Database, clock: FixedClock
) -> AsyncIterator[Desk]:
    await come_in(browser, consent, "RECEPTIONIST", connected.registrar)
    async with central_database.connection() as db:
        # Codes of one telephone are few in an hour, and tests of this file share a moment.
        await empty_tables(db, "verified_phones", "messages", "verifications", "person_requests")
        settlement = await db.fetchval("select id from settlements order by id limit 1")
    yield Desk(browser, connected.registrar, mis, central_database, settlement, clock)
