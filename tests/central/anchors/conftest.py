"""A seal, a timestamp service, and logs that grow."""

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from esoz.central import anchors
from esoz.gateways.seal import Seal
from esoz.kernel import audit
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, AuditEntry
from esoz.signature import Subject
from esoz.trust_centre.centre import House, build
from esoz.trust_centre.formats import timestamps
from esoz.trust_centre.formats.addresses import Addresses
from esoz.trust_centre.model import Family

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TERM = {"valid_from": NOW - timedelta(days=30), "valid_to": NOW + timedelta(days=700)}
OWNER = Subject(organization="Центральна база", edrpou="40000999", is_seal=True)
PASSWORD = "пароль печатки"


@pytest.fixture(scope="module")
def house() -> House:
    source = random.Random(7)
    return build(Family.GOST, Addresses("http://ca.test"), random=source.randbytes, at=NOW - timedelta(days=60))


class Centre(httpx.BaseTransport):
    """The timestamp service of the trust centre, which a test can take away."""

    def __init__(self, house: House) -> None:
        self.house, self.is_away, self.moment = house, False, NOW

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away")
        asked = timestamps.read(request.read())
        return httpx.Response(
            200, content=timestamps.grant(self.house.tsp, self.house.authority.digest, asked, 1, at=self.moment)
        )


@pytest.fixture
def centre(house: House) -> Centre:
    return Centre(house)


@pytest.fixture
def seal(house: House, centre: Centre) -> Seal:
    issued = house.authority.issue(OWNER, **TERM)
    return Seal(issued.key, issued.certificate, "http://tsp.test/", centre)


@pytest.fixture
async def log(fresh_database: Database) -> Database:
    """A database whose log nobody else writes to."""
    return fresh_database


async def grow(database: Database, count: int) -> None:
    """So many more lines, chained."""
    async with database.transaction() as db:
        for number in range(count):
            about = audit.AuditContext(NOW + timedelta(seconds=number), "test", "test", NOBODY)
            await audit.write(db, about, [AuditEntry("test.done", str(uuid4()), None, {"number": number})])
        while await audit.chain(db):
            pass


async def sealed(database: Database, seal: Seal, clock: FixedClock, *, lines: int, times: int) -> None:
    """A log that was sealed so many times, each time after so many lines."""
    for _ in range(times):
        await grow(database, lines)
        assert await anchors.anchor(database, seal, seal.certificate.der, clock) is not None
        clock.forward(timedelta(minutes=1))
