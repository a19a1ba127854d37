"""What tests of requests about persons have in common: the door of uploads, a family."""

from collections.abc import AsyncIterator

import httpx
import pytest

from esoz.central import people
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.work import Dependencies, Work
from tests.central.conftest import OneConnection
from tests.factories.people import child, make_adult


@pytest.fixture
async def door(
    database: OneConnection, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(UploadDoor(database, dependencies, clock, "https://api.test"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


@pytest.fixture
async def family(work: Work) -> tuple[people.Person, people.Person, people.Person]:
    """A child of six, the mother who speaks for her, the father who does not yet."""
    mother, father = await make_adult(work, 1), await make_adult(work, 2)
    return await people.create_person(work, child(work, mother)), mother, father
