"""People who work, are hired and dismissed while the tests run: in central and here."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from esoz.central import identity, workforce
from esoz.central.workforce.commands.dismissal import dismiss
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from esoz.mis.clinic.staff.commands.roster import follow
from esoz.mis.sign_in import login
from esoz.sandbox import build
from esoz.sandbox.country import ORGANISATIONS, Organisation, Worker
from esoz.sandbox.identities import Identity, People
from esoz.signature import Authority, Issued
from tests.factories.world import World, key_for
from tests.mis.conftest import MIS_URL, NOW, PASSWORD, Browser, Consent

FAMILY, PHARMACY = ORGANISATIONS[0], ORGANISATIONS[3]
MAKERS = People(random.Random("staff").randrange(10**6))


@dataclass(frozen=True)
class Hired:
    """Somebody who works: for central, and here when `local_id` is told."""

    identity: Identity
    email: str
    employee_id: UUID
    central_id: UUID
    organisation: Organisation
    role: str
    local_id: UUID | None = None

    @property
    def clinic_id(self) -> UUID:
        return self.organisation.id


class Office:
    """Hires people in central, and lets them in here, past all pages."""

    def __init__(
        self, mis: Mis, central: Database, dependencies: Dependencies, clock: FixedClock, authority: Authority
    ) -> None:
        self.mis, self.central, self.dependencies, self.clock, self.authority = (
            mis,
            central,
            dependencies,
            clock,
            authority,
        )

    async def hire(
        self,
        role: str,
        *,
        at: Organisation = FAMILY,
        of: Hired | None = None,
        local: bool = True,
        speciality: str = "",
    ) -> Hired:
        """Somebody new, or `of`: another position of the same person."""
        person = of.identity if of else MAKERS.person(NOW.date(), (30, 60))
        email = of.email if of else f"w{person.tax_id}@clinic.example"
        worker = Worker(email, role, "P7", email, speciality or None)
        async with self.central.transaction() as db:
            work = Work(NOBODY, self.clock.now(), db, self.dependencies)
            user_id = (
                of.central_id
                if of
                else (await identity.create_user(work, email=email, password=None, tax_id=person.tax_id)).id
            )
            employee = await workforce.hire(
                work, details_of(worker, person, at, work.today), legal_entity_id=at.id, user_id=user_id
            )
        hired = Hired(person, email, employee.id, user_id, at, role)
        return await self.let_in(hired, of) if local else hired

    async def let_in(self, hired: Hired, of: Hired | None = None) -> Hired:
        """A workplace here; of a person who has a user here when `of` is told."""
        services, person = self.mis.services, hired.identity
        names = login.Person(
            last_name=person.last_name,
            first_name=person.first_name,
            second_name=person.second_name or "",
            tax_id=person.tax_id,
        )
        async with services.database.transaction() as db:
            user_id = (
                of.local_id
                if of and of.local_id
                else await login.add_user(db, services.passwords, hired.email, PASSWORD, person=names, at=NOW)
            )
            await login.add_workplace(
                db,
                user_id,
                hired.clinic_id,
                role=hired.role,
                employee_id=hired.employee_id,
                position="лікар",
                division_id=hired.organisation.division_id,
            )
        return replace(hired, local_id=user_id)

    async def dismiss(self, hired: Hired) -> None:
        """In central, past this workplace: by another system or by central itself."""
        async with self.central.transaction() as db:
            clinic = replace(NOBODY, client_id=hired.clinic_id, client_type=hired.organisation.type)
            await dismiss(Work(clinic, self.clock.now(), db, self.dependencies), hired.employee_id)

    async def follow(self) -> None:
        """A turn of the background work half a minute later."""
        self.clock.forward(timedelta(seconds=31))
        await follow(self.mis.services)

    def key(self, hired: Hired, work: Work) -> Issued:
        return key_for(self.authority, work, hired.identity, hired.organisation)

    async def value(self, sql: str, *values: object) -> object:
        """One value from the database of the workplace."""
        async with self.mis.services.database.connection() as db:
            return await db.fetchval(sql, *values)


def details_of(worker: Worker, person: Identity, at: Organisation, today: date) -> workforce.EmployeeDetails:
    """What central is told of a position."""
    party = workforce.PartyDetails(
        first_name=person.first_name,
        last_name=person.last_name,
        second_name=person.second_name,
        birth_date=person.birth_date,
        gender=person.gender,
        tax_id=person.tax_id,
        email=worker.email,
        documents=(workforce.PartyDocument("PASSPORT", person.passport),),
        phones=(),
    )
    training = build._training(worker, today) if worker.employee_type in build.TRAINED else None
    return workforce.EmployeeDetails(
        party=party,
        employee_type=worker.employee_type,
        position=worker.position,
        start_date=today - timedelta(days=100),
        division_id=at.division_id,
        training=training,
    )


@pytest.fixture
async def office(
    mis: Mis,
    connected: World,
    central_database: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    authority: Authority,
) -> Office:
    return Office(mis, central_database, dependencies, clock, authority)


class Door:
    """Browsers of several people."""

    def __init__(self, mis: Mis, consent: Consent) -> None:
        self.mis, self.consent = mis, consent
        self.clients: list[httpx.AsyncClient] = []

    def browser(self) -> Browser:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.mis), base_url=MIS_URL)
        self.clients.append(client)
        return Browser(client)

    async def enter(self, hired: Hired, *, wanted: str = "/", password: str = PASSWORD) -> Browser:
        """Sign in and consent; ends on the wanted page."""
        browser = self.browser()
        await browser.get("/sign-in", next=wanted)
        asked = await browser.send("/sign-in", follow=False, email=hired.email, password=password)
        return await self.consenting(browser, hired, asked.headers["location"])

    async def consenting(self, browser: Browser, hired: Hired, address: str) -> Browser:
        start = await browser.client.get(address)
        await browser.get(await self.consent.answer(hired.central_id, start.headers["location"]))
        return browser


@pytest.fixture
async def door(mis: Mis, consent: Consent) -> AsyncIterator[Door]:
    found = Door(mis, consent)
    yield found
    for client in found.clients:
        await client.aclose()


@pytest.fixture
async def hr(office: Office) -> Hired:
    """A person of the personnel office."""
    return await office.hire("HR")
