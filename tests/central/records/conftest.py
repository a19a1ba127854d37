"""A doctor's chart of the patient, empty and with one encounter in it."""

from uuid import UUID

import pytest

from esoz.central.declarations import DeclarationDetails, declare
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.factories import kinds, prescriptions, services
from tests.factories.records import Chart
from tests.factories.world import Caller, World


@pytest.fixture(autouse=True)
async def known_codes(db: Connection) -> None:
    """The process knows the dictionaries, as a running one does."""
    await dictionaries.load(db)


@pytest.fixture
def chart(world: World, worker: Worker) -> Chart:
    assert world.patient.person_id is not None
    return Chart(world.doctor, worker, world.patient.person_id)


@pytest.fixture
async def opened(chart: Chart) -> Chart:
    """The chart with an active episode."""
    done = await chart.open()
    assert done.json()["data"]["status"] == "processed", done.text
    return chart


@pytest.fixture
async def drug(work: Work, db: Connection) -> UUID:
    """A drug of the register."""
    await prescriptions.stock(work, "амоксицилін")
    return await prescriptions.dosage(db)


@pytest.fixture
async def catalogued(work: Work) -> None:
    """The catalogue of services is filled."""
    await services.fill(work)


@pytest.fixture
async def written(opened: Chart, drug: UUID, catalogued: None) -> Chart:
    """The chart with one encounter and one record of each kind."""
    done = await opened.send(kinds.whole_package(opened.visiting, drug))
    assert done.json()["data"]["status"] == "processed", done.text
    return opened


@pytest.fixture
async def declared_to_foreign_doctor(work: Work, chart: Chart, foreign_doctor: Caller) -> None:
    """The patient chose the doctor of another clinic."""
    assert foreign_doctor.employee_id is not None and foreign_doctor.division_id is not None
    details = DeclarationDetails(
        person_id=chart.person_id,
        employee_id=foreign_doctor.employee_id,
        division_id=foreign_doctor.division_id,
        declaration_request_id=work.new_id(),
        content="Декларація",
    )
    await declare(work, details)
