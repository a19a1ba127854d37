"""A doctor's chart with an encounter behind them, and what the registers know."""

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from tests.factories.compositions import Concluding
from tests.factories.records import Chart, package
from tests.factories.world import World


@pytest.fixture(autouse=True)
async def known_codes(db: Connection) -> None:
    """The process knows the dictionaries, as a running one does."""
    await dictionaries.load(db)


@pytest.fixture
async def concluding(world: World, worker: Worker) -> Concluding:
    """The family doctor with an encounter of the patient behind them."""
    assert world.patient.person_id is not None
    chart = Chart(world.doctor, worker, world.patient.person_id)
    await chart.open()
    done = await chart.send(package(chart.visiting))
    assert done.json()["data"]["status"] == "processed", done.text
    return Concluding(chart)
