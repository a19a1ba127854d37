"""The same act asked for many times at once in the registries: done once, nothing half."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import httpx
import pytest

from esoz.central import identity, organisations
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.signature import Authority
from tests.central.answers import answered
from tests.central.conftest import NOW
from tests.central.workforce.test_requests import NEWCOMER, PATH, body, told
from tests.factories.registries import key_of_owner, official, put, registration, signed, state_record
from tests.factories.world import Caller, World, give_token

TIMES = 6


async def at_once(calls: list[Awaitable[httpx.Response]]) -> list[int]:
    return sorted(response.status_code for response in await asyncio.gather(*calls))


@pytest.fixture
def owner(fresh_world: World) -> Caller:
    return fresh_world.owner


@pytest.fixture(autouse=True)
async def _known_codes(fresh_database: Database) -> None:
    async with fresh_database.connection() as db:
        await dictionaries.load(db)


async def test_invitation_when_accepted_at_once_then_one_employee(
    owner: Caller, fresh_database: Database, dependencies: Dependencies
) -> None:
    made = answered(await owner.post(PATH, body(owner.sign(told(owner)))))["data"]
    async with fresh_database.transaction() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        user = await identity.create_user(work, email="newcomer@esoz.example", password=None, tax_id=NEWCOMER)
        token = await give_token(work, user.id, owner.client_id, frozenset())
    invited = replace(owner, user_id=user.id, token=token)
    path = f"/employee_requests/{made['id']}/actions/approve"
    assert await at_once([invited.post(path) for _ in range(TIMES)]) == [200] + [409] * (TIMES - 1)
    async with fresh_database.connection() as db:
        count = "select count(*) from employees e join parties p on p.id = e.party_id where p.tax_id = $1"
        assert await db.fetchval(count, NEWCOMER) == 1


# EM-14
async def test_accepted_and_rejected_at_once_then_one_answer_holds(
    owner: Caller, fresh_database: Database, dependencies: Dependencies
) -> None:
    made = answered(await owner.post(PATH, body(owner.sign(told(owner)))))["data"]
    async with fresh_database.transaction() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        user = await identity.create_user(work, email="newcomer@esoz.example", password=None, tax_id=NEWCOMER)
        token = await give_token(work, user.id, owner.client_id, frozenset())
    invited = replace(owner, user_id=user.id, token=token)
    actions = [f"/employee_requests/{made['id']}/actions/{action}" for action in ("approve", "reject") * 3]
    assert await at_once([invited.post(path) for path in actions]) == [200] + [409] * 5
    async with fresh_database.connection() as db:
        row = await db.fetchrow("select status, employee_id from employee_requests")
        assert (row["status"] == "APPROVED") is (row["employee_id"] is not None)


async def test_dismissed_at_once_then_once_with_its_jobs(
    owner: Caller, fresh_world: World, fresh_database: Database
) -> None:
    path = f"/api/employees/{fresh_world.doctor.employee_id}/actions/deactivate"
    assert await at_once([owner.patch(path) for _ in range(TIMES)]) == [200] + [409] * (TIMES - 1)
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from jobs where kind = 'declarations.end'") == 1


@pytest.mark.parametrize("action", ["deactivate", "activate"])
async def test_division_when_moved_at_once_then_once(owner: Caller, action: str) -> None:
    path = f"/api/divisions/{owner.division_id}/actions"
    if action == "activate":
        answered(await owner.patch(f"{path}/deactivate"))
    assert await at_once([owner.patch(f"{path}/{action}") for _ in range(TIMES)]) == [200] + [409] * (TIMES - 1)


async def test_clinic_when_registered_at_once_then_one(
    owner: Caller, fresh_database: Database, dependencies: Dependencies, authority: Authority
) -> None:
    async with fresh_database.transaction() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        await organisations.import_state_register(work, [state_record()])
        vendor = await official(work, owner, "MIS", "legal_entity:write")
        document = signed(registration(), key_of_owner(authority, work), work)
    content = {"signed_legal_entity_request": document, "signed_content_encoding": "base64"}
    codes = await at_once([put(vendor, "/api/v2/legal_entities", content) for _ in range(TIMES)])
    assert codes.count(201) == 1
    assert set(codes) <= {200, 201, 409}
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from legal_entities where edrpou = '44445555'") == 1
        assert (
            await db.fetchval(
                "select count(*) from connections c join legal_entities e on e.id = c.client_id"
                " where e.edrpou = '44445555'"
            )
            == 1
        )
