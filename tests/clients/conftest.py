"""Central as the systems of other vendors meet it: the world of central's tests, reached only over the API."""

# ruff: noqa: F811 fixtures of central's tests are imported and then named as arguments

import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.central.conftest import (  # noqa: F401 the same world as central's own tests
    api,
    authority,
    central_template,
    clock,
    database,
    db,
    dependencies,
    doctor,
    kept,
    one_database,
    pharmacist,
    work,
    worker,
    world,
    world_template,
)
from tests.factories.prescriptions import Dispensing, Prescribing, dosage, package_of, stock
from tests.factories.records import Chart, package
from tests.factories.world import Caller, World


@pytest.fixture(scope="session")
def process_name() -> str:
    """Names of databases that differ from those of central's own tests in the same process."""
    return f"test_{os.getpid()}_clients"


@pytest.fixture
async def stocked(work: Work) -> None:
    """Dictionaries in memory, amoxicillin in the register."""
    await dictionaries.load(work.db)
    await stock(work, "амоксицилін")


@dataclass
class Client:
    """A program of another make: it sends JSON with a token and an API-key, and follows where it is sent."""

    caller: Caller
    worker: Worker

    async def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        http = self.caller.client
        assert http is not None
        return await http.request(method, path, headers=self.caller.headers, follow_redirects=True, json=body)

    async def job(self, accepted: httpx.Response) -> dict[str, Any]:
        """Wait for a job as clients do: ask its link until it is not pending, whatever the status of the answer."""
        assert accepted.status_code == 202, accepted.text
        while await self.worker.perform_one():
            pass
        told: dict[str, Any] = (await self.send("GET", f"/api{accepted.json()['data']['links'][0]['href']}")).json()
        return told["data"]


@pytest.fixture
def clinic(doctor: Caller, worker: Worker) -> Client:
    return Client(doctor, worker)


@pytest.fixture
def pharmacy(pharmacist: Caller, worker: Worker) -> Client:
    return Client(pharmacist, worker)


@pytest.fixture
def person_id(world: World) -> UUID:
    assert world.patient.person_id is not None
    return world.patient.person_id


@pytest.fixture
async def chart(stocked: None, doctor: Caller, worker: Worker, person_id: UUID) -> Chart:
    """The patient with an open episode."""
    found = Chart(doctor, worker, person_id)
    assert (await found.open()).json()["data"]["status"] == "processed"
    return found


@pytest.fixture
async def prescribing(chart: Chart, work: Work) -> Prescribing:
    """The doctor with an encounter to prescribe from."""
    done = await chart.send(package(chart.visiting))
    assert done.json()["data"]["status"] == "processed", done.text
    return Prescribing(chart.doctor, chart.person_id, chart.visiting.encounter, await dosage(work.db), work.today)


@pytest.fixture
async def dispensing(stocked: None, pharmacist: Caller, work: Work) -> Dispensing:
    return Dispensing(pharmacist, await package_of(work.db, await dosage(work.db), 10), work.today)
