"""Refusals at the API: those of somebody known leave a line without personal data, strangers are counted."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from esoz.central.app import CONTEXTS
from esoz.kernel import strangers
from esoz.kernel.db import Connection
from tests.central.answers import refused
from tests.factories.world import Caller

LINES = "select event, resource_id, outcome from audit_events where event like '%refused' order by id"
OPERATIONS = [operation for context in CONTEXTS for operation in context]
PHONE = "+380671234567"


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    strangers._counts.clear()
    yield
    strangers._counts.clear()


async def test_stranger_at_any_door_then_nothing_is_written_for_each(doctor: Caller, db: Connection) -> None:
    refusals = 0
    for operation in OPERATIONS:
        path = "/".join(PHONE if part.startswith("{") else part for part in operation.path.split("/"))
        answer = await asked(doctor, operation.method, path)
        assert answer.status_code < 500, operation.id
        refusals += answer.status_code >= 400
    assert await db.fetch(LINES) == []
    assert sum(strangers.counted().values()) == refusals > len(OPERATIONS) / 2


async def test_stranger_again_and_again_then_each_is_counted(doctor: Caller, db: Connection) -> None:
    for _ in range(6):
        assert (await asked(doctor, "GET", f"/api/declarations/{'x' * 3000}")).status_code == 401
    assert list(strangers.counted().values()) == [6]
    assert await db.fetch(LINES) == []


@pytest.mark.parametrize("place", [PHONE, "3126509816", "x" * 3000, "Шевченко"])
async def test_somebody_known_is_refused_then_the_line_holds_nothing_of_what_they_wrote(
    doctor: Caller, db: Connection, place: str
) -> None:
    answer = await doctor.get(f"/api/declarations/{place}")
    assert answer.status_code in (404, 422)
    rows = await db.fetch(LINES)
    assert [row["resource_id"] for row in rows] == [""]


async def test_somebody_known_is_refused_then_the_line_names_the_record(doctor: Caller, db: Connection) -> None:
    id = str(uuid4())
    refused(await doctor.get(f"/api/declarations/{id}"), 404, "not_found")
    assert [row["resource_id"] for row in await db.fetch(LINES)] == [id]


async def asked(caller: Caller, method: str, path: str) -> httpx.Response:
    """The answer to a token that nobody has."""
    assert caller.client is not None
    headers = {"authorization": "Bearer nobody", "content-type": "application/json"}
    return await caller.client.request(method, path, headers=headers)
