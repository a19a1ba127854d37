"""A central with test strips, and a patient whom the doctor has seen today."""

# ruff: noqa: F811 a fixture of other tests is imported and then named as an argument

from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.factories.devices import PROGRAMME, STRIPS, stock_devices
from tests.factories.world import World

from ..conftest import NOW, Browser, Post
from ..prescriptions.conftest import of_central  # noqa: F401 a fixture
from ..test_visits import signed_visit

CHOICE = f"{PROGRAMME}:{STRIPS[0].id}"


@pytest.fixture(scope="session")
async def _stocked(central_database: Database, dependencies: Dependencies, world_template: tuple[str, World]) -> None:
    world = world_template[1]
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        await stock_devices(Work(NOBODY, NOW, db, dependencies), world.pharmacist, world.other_pharmacist)


@pytest.fixture
async def encounter_id(
    doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID, of_central: Connection, _stocked: None
) -> UUID:
    """An encounter that the doctor has finished today, accepted by central; no device is prescribed yet."""
    await of_central.execute("delete from device_requests")
    document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
    await post.carry()
    async with mis.services.database.connection() as db:
        row = await db.fetchrow("select record_id, state from documents where id = $1", UUID(document_id))
    assert row["state"] == "accepted"
    return UUID(str(row["record_id"]))
