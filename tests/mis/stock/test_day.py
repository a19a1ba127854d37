"""A day in a pharmacy: what is on the shelf, what was dispensed and what central says agree to the last capsule."""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TypeAlias

import pytest

from esoz.kernel.db import Database
from tests.factories.prescriptions import Document, Prescribing, sent_code, set_programme, wrong
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..pharmacy.counter import hold
from .conftest import Package, left, receive

Write: TypeAlias = Callable[[], Awaitable[tuple[str, str]]]


@pytest.fixture
def write(prescribing: Prescribing, central_database: Database) -> Write:
    """The doctor prescribes twenty capsules more: number and code."""

    async def prescribe() -> tuple[str, str]:
        rx: Document = await prescribing.prescribe()
        async with central_database.connection() as db:
            return rx["request_number"], await sent_code(db, rx["request_number"])

    return prescribe


async def give(browser: Browser, number: str, code: str, package: Package, packages: int) -> None:
    await hold(browser, number, code, **{f"packages-{package.offer}": packages})


@pytest.mark.slow
async def test_day_then_books_report_and_central_agree(
    *,
    pharmacist: Browser,
    packages: list[Package],
    write: Write,
    unsigned: None,
    connected: World,
    central_database: Database,
    mis_database: Database,
    wire: Wire,
) -> None:
    package = packages[0]
    async with central_database.connection() as db:
        before = await db.fetchval(
            "select coalesce(sum(quantity), 0) from medication_dispenses where status = 'PROCESSED'"
        )
        await set_programme(db, skip_mnn_in_treatment_period=True)
    # the shelf in the morning: two batches, the one that expires first is emptied first
    await receive(pharmacist, package, 30, series="LATE")
    await receive(pharmacist, package, 4, series="EARLY", expires_on="2026-12-20")
    given = 0
    for turn in range(30):
        number, code = await write()
        kind = turn % 6
        if kind == 1:  # the patient takes half now, half in the evening
            await give(pharmacist, number, code, package, 1)
            await give(pharmacist, number, code, package, 1)
        elif kind == 2:  # a code typed wrong
            await give(pharmacist, number, wrong(code), package, 1)
            assert "Код не підходить" in pharmacist.text
            await give(pharmacist, number, code, package, 1)
        elif kind == 3:  # an answer that is lost
            wire.loses_answer = lambda request: request.url.path.endswith("medication_dispenses")
            await give(pharmacist, number, code, package, 1)
            wire.loses_answer = lambda _request: False
            await pharmacist.send(f"/pharmacy/prescriptions/{number}", code=code)
        else:
            await give(pharmacist, number, code, package, 2 if kind == 0 else 1)
        given += 20 if kind in {0, 1} else 10
        assert "Відпущено" in pharmacist.text, (turn, pharmacist.text)
    # a delivery in the middle of it came late: the books lacked some, and it is told
    received, lacked = 340, max(given - 340, 0)
    await pharmacist.get("/stock")
    assert ("Відпущено понад облік" in pharmacist.text) is (lacked > 0)
    await receive(pharmacist, package, 5, series="NEW")
    # counting in the evening: one package is missing
    await pharmacist.get("/stock/inventory")
    field = re.findall(r'name="(packages-[0-9a-f-]{36})"', pharmacist.page.text)[0]
    await pharmacist.send("/stock/inventory", **{field: "4"})
    await pharmacist.send("/stock/inventory")
    books = await left(mis_database)
    async with mis_database.connection() as db:
        moved = {
            row["kind"]: row["sum"]
            for row in await db.fetch("select kind, sum(quantity) from stock_movements group by 1")
        }
    assert sum(books.values()) == received + 50 - (given - lacked) - 10
    assert moved == {"RECEIVED": Decimal(received + 50), "DISPENSED": Decimal(-given), "COUNTED": Decimal(-10)}
    # the report of the day and central say the same
    await pharmacist.get("/pharmacy/report")
    assert "Усе відпущене взято зі складу" in pharmacist.text
    answer = await pharmacist.get("/pharmacy/report.csv")
    rows = answer.content.decode("utf-8-sig").splitlines()[1:]
    assert sum(Decimal(row.split(";")[3].replace(",", ".")) for row in rows if row.endswith(";так")) == given
    async with central_database.connection() as db:
        query = "select coalesce(sum(quantity), 0) from medication_dispenses where status = 'PROCESSED'"
        assert await db.fetchval(query) - before == given
        await set_programme(db, skip_mnn_in_treatment_period=False)
