"""A doctor's chart with an encounter, a catalogue of services, and a programme that pays for one of them."""

from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.factories import service_requests, services
from tests.factories.care_plans import Planning
from tests.factories.records import Chart, package
from tests.factories.service_requests import Referring
from tests.factories.world import World


@pytest.fixture(autouse=True)
async def known_codes(db: Connection) -> None:
    """The process knows the dictionaries, as a running one does."""
    await dictionaries.load(db)


@pytest.fixture
async def programme(work: Work) -> UUID:
    return await service_requests.programme(work)


@pytest.fixture
async def planning(world: World, worker: Worker, work: Work) -> Planning:
    """The family doctor with an encounter of the patient behind them."""
    assert world.patient.person_id is not None
    await services.fill(work)
    chart = Chart(world.doctor, worker, world.patient.person_id)
    await chart.open()
    done = await chart.send(package(chart.visiting))
    assert done.json()["data"]["status"] == "processed", done.text
    return Planning(chart)


@pytest.fixture
def referring(planning: Planning) -> Referring:
    return Referring(planning.chart)
