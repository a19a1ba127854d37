"""A catalogue of services with a programme, and a patient whom the doctor has seen today."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.factories import service_requests, services
from tests.factories.world import World

from ..conftest import NOW, Browser, Post
from ..test_visits import signed_visit


@pytest.fixture(scope="session")
async def programme(central_database: Database, dependencies: Dependencies) -> UUID:
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        work = Work(NOBODY, NOW, db, dependencies)
        await services.fill(work)
        return await service_requests.programme(work)


@pytest.fixture
async def encounter_id(
    doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID, programme: UUID
) -> UUID:
    """An encounter that the doctor has finished today, accepted by central."""
    document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
    await post.carry()
    async with mis.services.database.connection() as db:
        row = await db.fetchrow("select record_id, state from documents where id = $1", UUID(document_id))
    assert row["state"] == "accepted"
    return UUID(str(row["record_id"]))


@pytest.fixture
async def of_central(central_database: Database) -> AsyncIterator[Connection]:
    """A look into central's database."""
    async with central_database.connection() as db:
        yield db
