"""A pharmacist at the counter, and a doctor who prescribes in central, past this workplace."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.jobs import Worker
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from esoz.spec.roles import client_type_scopes, role_scopes
from tests.central.prescriptions.conftest import seen_by
from tests.factories.prescriptions import AMOXICILLIN, Dispensing, Document, Prescribing, dosage, sent_code, stock
from tests.factories.world import Caller, World, give_token

from ..conftest import CENTRAL_URL, Browser, Consent, Wire, come_in


@pytest.fixture
async def pharmacist(browser: Browser, consent: Consent, connected: World, mis: Mis) -> Browser:
    """A pharmacist at the counter."""
    return await come_in(browser, consent, "PHARMACIST", connected.pharmacist)


async def with_token(
    database: Database, dependencies: Dependencies, clock: FixedClock, caller: Caller, role: str, kind: str
) -> Caller:
    """The same person with a token that no sign-in of before has ended."""
    async with database.transaction() as db:
        work = Work(NOBODY, clock.now(), db, dependencies)
        scopes = role_scopes(role) & client_type_scopes(kind)
        return replace(caller, token=await give_token(work, caller.user_id, caller.client_id, scopes))


@pytest.fixture
async def prescribing(
    central_database: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    connected: World,
    wire: Wire,
    jobs: Worker,
) -> Prescribing:
    """The family doctor prescribes amoxicillin to the patient."""
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        await stock(Work(NOBODY, clock.now(), db, dependencies), "амоксицилін", "азитроміцин")
        medication_id = await dosage(db, AMOXICILLIN)
    doctor = await with_token(central_database, dependencies, clock, connected.doctor, "DOCTOR", "PRIMARY_CARE")
    client = httpx.AsyncClient(transport=httpx.ASGITransport(wire.inner.app), base_url=CENTRAL_URL)
    person_id = connected.persons[0].id
    encounter_id = await seen_by(replace(doctor, client=client), jobs, person_id)
    today = kyiv_date(clock.now())
    return Prescribing(replace(doctor, client=client), person_id, encounter_id, medication_id, today)


@pytest.fixture
async def rx(prescribing: Prescribing) -> Document:
    """A signed prescription of twenty capsules."""
    return await prescribing.prescribe()


@pytest.fixture
async def code(central_database: Database, rx: Document) -> str:
    """What the patient reads on the phone."""
    async with central_database.connection() as db:
        return await sent_code(db, rx["request_number"])


async def packages(db: Connection, quantity: int, least: int) -> list[UUID]:
    """Parts of the antibiotics programme of amoxicillin in packages of so many, sold by at least so many."""
    rows = await db.fetch(
        "select p.id from program_medications p join medications m on m.id = p.medication_id"
        " join innm_dosages d on d.id = m.innm_dosage_id where d.name = $1 and m.package_qty = $2"
        " and m.package_min_qty = $3 order by m.name",
        AMOXICILLIN,
        quantity,
        least,
    )
    return [row["id"] for row in rows]


@pytest.fixture
async def ten(central_database: Database, rx: Document) -> list[UUID]:
    """Packages of ten capsules that are not divided."""
    async with central_database.connection() as db:
        return await packages(db, 10, 10)


@pytest.fixture
async def other(
    central_database: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    connected: World,
    prescribing: Prescribing,
) -> Dispensing:
    """A pharmacist of another pharmacy, with a system of another make."""
    caller = await with_token(
        central_database, dependencies, clock, connected.other_pharmacist, "PHARMACIST", "PHARMACY"
    )
    async with central_database.connection() as db:
        medication_id = await db.fetchval(
            "select id from medications where innm_dosage_id = $1 and package_min_qty = 10 order by name limit 1",
            prescribing.medication_id,
        )
    return Dispensing(replace(caller, client=prescribing.doctor.client), medication_id, prescribing.today)
