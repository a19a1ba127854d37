"""Somebody with a telephone who has no doctor yet, in the room of a family doctor."""

import pytest

from esoz.central import people
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.declarations import Declaring
from tests.factories.people import make_adult
from tests.factories.world import Caller


@pytest.fixture
async def newcomer(work: Work) -> people.Person:
    return await make_adult(work)


@pytest.fixture
def declaring(doctor: Caller, newcomer: people.Person, db: Connection) -> Declaring:
    return Declaring(doctor, newcomer, db)
