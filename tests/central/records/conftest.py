"""A doctor's chart of the patient, empty and with one encounter in it."""

import pytest

from esoz.central.declarations import DeclarationDetails, declare
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.factories.records import Chart, allergy, condition, immunization, observation, package
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


def whole_package(chart: Chart) -> dict:
    of = chart.visiting
    return package(
        of, conditions=[condition(of)], observations=[observation(of)], immunizations=[immunization(of)],
        allergy_intolerances=[allergy(of)],
    )


@pytest.fixture
async def written(opened: Chart) -> Chart:
    """The chart with one encounter and one record of each kind."""
    done = await opened.send(whole_package(opened))
    assert done.json()["data"]["status"] == "processed", done.text
    return opened


@pytest.fixture
async def declared_to_foreign_doctor(work: Work, chart: Chart, foreign_doctor: Caller) -> None:
    """The patient chose the doctor of another clinic."""
    assert foreign_doctor.employee_id is not None and foreign_doctor.division_id is not None
    details = DeclarationDetails(
        person_id=chart.person_id, employee_id=foreign_doctor.employee_id, division_id=foreign_doctor.division_id,
        declaration_request_id=work.new_id(), content="Декларація",
    )
    await declare(work, details)
