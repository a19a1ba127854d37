"""A doctor with a patient and an encounter, a register with test strips, and two pharmacies with contracts."""

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.central.prescriptions.conftest import seen_by
from tests.factories.devices import Dispensing, Prescribing, sent_code, stock_devices
from tests.factories.world import World


@pytest.fixture
async def prescribing(world: World, worker: Worker, work: Work) -> Prescribing:
    """The family doctor asks for test strips for the patient."""
    await dictionaries.load(work.db)
    await stock_devices(work, world.pharmacist, world.other_pharmacist)
    assert world.patient.person_id is not None
    encounter_id = await seen_by(world.doctor, worker, world.patient.person_id)
    return Prescribing(world.doctor, worker, world.patient.person_id, encounter_id, work.now)


@pytest.fixture
async def request_(prescribing: Prescribing) -> dict:
    """A hundred strips, signed."""
    return await prescribing.made()


@pytest.fixture
async def code(request_: dict, db: Connection) -> str:
    """What the patient reads on the phone."""
    return await sent_code(db, request_["requisition"])


@pytest.fixture
def dispensing(world: World, worker: Worker, prescribing: Prescribing) -> Dispensing:
    """The pharmacist has test strips in packages of fifty."""
    return Dispensing(world.pharmacist, worker, prescribing.person_id, prescribing.now)
