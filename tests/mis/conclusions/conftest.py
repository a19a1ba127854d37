"""A patient whom the doctor has seen today, and a look into central."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection, Database
from esoz.mis.app import Mis
from tests.emptying import empty_tables
from tests.factories.world import World

from ..conftest import Browser, Post
from ..test_visits import signed_visit


@pytest.fixture(autouse=True)
async def empty(central_database: Database) -> AsyncIterator[None]:
    """What one test has written about the patient's days is in nobody else's way."""
    await _empty(central_database)
    yield
    await _empty(central_database)


async def _empty(database: Database) -> None:
    async with database.connection() as db:
        await empty_tables(db, "compositions", "composition_titles")


@pytest.fixture
async def encounter_id(doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID) -> UUID:
    """An encounter that the doctor has finished today, accepted by central."""
    document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
    await post.carry()
    async with mis.services.database.connection() as db:
        row = await db.fetchrow("select record_id, state from documents where id = $1", UUID(document_id))
    assert row["state"] == "accepted"
    return UUID(str(row["record_id"]))


@pytest.fixture
async def of_central(central_database: Database) -> AsyncIterator[Connection]:
    """A look into central's database, which knows its dictionaries."""
    async with central_database.connection() as db:
        await dictionaries.load(db)
        yield db
