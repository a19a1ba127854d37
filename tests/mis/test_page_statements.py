"""How often pages ask the database, and that what they ask is true now: nobody is let in by what was true before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import pytest

from esoz.kernel.db import Connection, Database
from esoz.kernel.pages import sessions
from esoz.mis.app import Mis
from tests.factories.world import World

from .conftest import Browser, Consent, come_in

# Statements of a page: the session with its user, the page's own questions, its line in the audit log; of a page with
# acts also BEGIN and COMMIT.
BUDGET = {
    "DOCTOR": {
        "/": 8,  # the notices of four sections among them
        "/patients": 2,
        "/sync": 5,
        "/sync?state=draft": 5,
        "/sync/list.csv": 4,
        "/prescriptions": 5,
        "/account": 3,
        "/help": 3,
    },
    "PHARMACIST": {
        "/pharmacy": 3,
        "/account": 3,
        "/dispenses": 3,
        "/pharmacy/devices": 4,
        "/pharmacy/report": 6,
        "/stock": 6,
        "/stock/expiring": 6,
        "/stock/inventory": 6,
        "/stock/journal": 6,
        "/stock/journal.csv": 6,
        "/stock/receipts": 6,
        "/stock/sharing": 6,
        "/journals": 7,
    },
    "OWNER": {"/reimbursement": 6, "/unsent": 4, "/unsent/list.csv": 3},
}
AtWork: TypeAlias = Callable[[str], Awaitable[Browser]]
PLACES = [(role, path) for role, paths in BUDGET.items() for path in paths]
ACTS = ("insert", "update", "delete", "with line as ( insert", "BEGIN", "COMMIT")


@pytest.fixture
def asked(mis_database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Statements of pages, as they are asked."""
    found: list[str] = []
    plain: Callable[[], Any] = mis_database.connection

    @asynccontextmanager
    async def connection() -> AsyncIterator[Connection]:
        async with plain() as db:
            with db.query_logger(lambda record: found.append(" ".join(record.query.split()))):
                yield db

    monkeypatch.setattr(mis_database, "connection", connection)
    return found


async def statements_of(browser: Browser, path: str, asked: list[str]) -> list[str]:
    await browser.get(path)
    await asyncio.sleep(0)  # the driver tells in the next turn of the loop
    asked.clear()
    page = await browser.get(path)
    await asyncio.sleep(0)
    assert page.status_code == 200 and page.url.path == path.partition("?")[0]
    return list(asked)


@pytest.fixture
async def at_work(browser: Browser, consent: Consent, connected: World, head: UUID) -> AtWork:
    """Somebody of this role, signed in."""
    callers = {"DOCTOR": connected.doctor, "PHARMACIST": connected.pharmacist, "OWNER": connected.owner}

    async def begin(role: str) -> Browser:
        browser.client.cookies.clear()
        return await come_in(browser, consent, role, callers[role])

    return begin


@pytest.mark.parametrize(("role", "path"), PLACES)
async def test_page_asks_no_more_than_its_budget(at_work: AtWork, asked: list[str], role: str, path: str) -> None:
    found = await statements_of(await at_work(role), path, asked)

    assert len(found) <= BUDGET[role][path], "\n".join(found)
    assert sum("from sessions" in each for each in found) == 1
    assert sum("u.workplace_id" in each for each in found) == 1


async def test_page_that_only_reads_writes_one_line_at_most(mis: Mis, at_work: AtWork, asked: list[str]) -> None:
    """What is not in a transaction must not need one."""
    # What names a record in its address is read by the same queries as the list that it stands in.
    routes = (route for section in mis.services.sections for route in section.pages if route.reads)
    reading = {route.path for route in routes if "{" not in route.path}
    met = set[str]()
    for role, paths in BUDGET.items():
        browser = await at_work(role)
        for path in reading & {each.partition("?")[0] for each in paths}:
            found = await statements_of(browser, path, asked)
            assert len([each for each in found if each.startswith(ACTS)]) <= 1, (path, found)
            met.add(path)
    assert met == reading


async def test_user_blocked_by_another_process_then_out_at_the_next_page(
    mis: Mis, doctor: Browser, people: dict[str, UUID]
) -> None:
    """Nothing is remembered, so no notice can be lost."""
    assert (await doctor.get("/sync")).url.path == "/sync"
    async with mis.services.database.connection() as elsewhere:
        await elsewhere.execute("update users set is_active = false where id = $1", people["DOCTOR"])

    assert (await doctor.get("/sync")).url.path == "/sign-in"


async def test_role_taken_by_another_process_then_its_pages_are_shut(
    mis: Mis, doctor: Browser, people: dict[str, UUID]
) -> None:
    database, role = mis.services.database, "update workplaces set role = $2 where user_id = $1"
    assert (await doctor.get("/sync")).status_code == 200
    try:
        async with database.connection() as elsewhere:
            await elsewhere.execute(role, people["DOCTOR"], "RECEPTIONIST")
        refused = await doctor.get("/sync")
    finally:
        async with database.connection() as elsewhere:
            await elsewhere.execute(role, people["DOCTOR"], "DOCTOR")

    assert refused.status_code == 403
    assert (await doctor.get("/sync")).status_code == 200


async def test_session_ended_elsewhere_then_out_at_the_next_page(
    mis: Mis, doctor: Browser, people: dict[str, UUID]
) -> None:
    async with mis.services.database.connection() as elsewhere:
        assert await sessions.end_all(elsewhere, people["DOCTOR"]) == 1

    assert (await doctor.get("/sync")).url.path == "/sign-in"
    assert "Сеанс завершено з іншого пристрою" in doctor.text
