"""A doctor with a patient and an encounter, a stocked register of drugs, and two pharmacies."""

from uuid import UUID

import pytest

from esoz.central.app import JOB_HANDLERS
from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.jobs import Worker
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.factories.prescriptions import Dispensing, Prescribing, dosage, package_of, sent_code, stock
from tests.factories.records import Chart, package
from tests.factories.world import Caller, World


async def seen_by(doctor: Caller, worker: Worker, person_id: UUID) -> UUID:
    """An encounter of the patient with this doctor."""
    chart = Chart(doctor, worker, person_id)
    assert (await chart.open()).json()["data"]["status"] == "processed"
    done = await chart.send(package(chart.visiting))
    assert done.json()["data"]["status"] == "processed", done.text
    return chart.visiting.encounter


@pytest.fixture
async def prescribing(world: World, worker: Worker, work: Work, stocked: None) -> Prescribing:
    """The family doctor prescribes amoxicillin to the patient."""
    person_id = world.patient.person_id
    assert person_id is not None
    encounter_id = await seen_by(world.doctor, worker, person_id)
    return Prescribing(world.doctor, person_id, encounter_id, await dosage(work.db), work.today)


@pytest.fixture
async def dispensing(world: World, db: Connection, work: Work, stocked: None) -> Dispensing:
    """The pharmacist has amoxicillin that is sold by ten."""
    medication_id = await package_of(db, await dosage(db), 10)
    return Dispensing(world.pharmacist, medication_id, work.today)


@pytest.fixture
async def prescription(prescribing: Prescribing) -> dict:
    """Twenty capsules, signed."""
    return await prescribing.prescribe()


@pytest.fixture
async def code(prescription: dict, db: Connection) -> str:
    """What the patient reads on the phone."""
    return await sent_code(db, prescription["request_number"])


async def ready(world: World, database: Database, dependencies: Dependencies, clock: FixedClock) -> Prescribing:
    """The same on a database with many connections, for races."""
    async with database.transaction() as db:
        await dictionaries.load(db)
        await stock(Work(NOBODY, clock.now(), db, dependencies), "амоксицилін")
        medication_id = await dosage(db)
    assert world.patient.person_id is not None
    worker = Worker(database, JOB_HANDLERS, dependencies=dependencies, clock=clock)
    encounter_id = await seen_by(world.doctor, worker, world.patient.person_id)
    return Prescribing(world.doctor, world.patient.person_id, encounter_id, medication_id, kyiv_date(clock.now()))
