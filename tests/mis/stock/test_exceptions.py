"""What is handed over without an electronic prescription leaves the stock too, and comes back when it was a mistake."""

# ruff: noqa: F811  fixtures of paper are imported, and asked for by the same names

from uuid import UUID

import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..paper.test_paper import DISPENSES, pharmacist, pictured, sign, stocked, wire  # noqa: F401 fixtures
from ..wholesale.test_wholesale import scanned, supply
from .conftest import Package, left, receive


@pytest.fixture
async def package(pharmacist: Browser, stocked: tuple[UUID, UUID], mis: Mis) -> Package:
    """Ten packages of ten in two series, on empty books."""
    found = Package(stocked[1], "", stocked[1])
    await receive(pharmacist, found, 5, series="LATE")
    await receive(pharmacist, found, 5, series="EARLY", expires_on="2027-01-31")
    return found


# PH-1, PH-5
async def test_wholesale_then_first_what_expires_first_and_back_when_it_was_a_mistake(
    pharmacist: Browser, stocked: tuple[UUID, UUID], package: Package, connected: World, mis_database: Database
) -> None:
    path = await scanned(pharmacist, stocked[0])
    await supply(pharmacist, path, package.id, 7)
    assert await left(mis_database) == {"LATE": 50, "EARLY": 50}  # what is not signed takes nothing
    await sign(pharmacist, connected)
    assert await left(mis_database) == {"LATE": 30, "EARLY": 0}
    await pharmacist.get("/stock/journal")
    assert pharmacist.page is not None
    assert f'href="{path}">Оптова видача<' in pharmacist.page.text
    await pharmacist.get(path)
    assert pharmacist.page is not None
    given = pharmacist.page.text.split('name="supply"')[1].split('value="')[1].split('"')[0]
    await pharmacist.send(f"{path}/cancel", supply=given, error_reason="Не приїхали по ліки")
    assert await left(mis_database) == {"LATE": 50, "EARLY": 50}
    await pharmacist.get(path)
    assert await left(mis_database) == {"LATE": 50, "EARLY": 50}


async def test_paper_when_answers_are_lost_then_taken_once_and_back_once(
    *,
    pharmacist: Browser,
    stocked: tuple[UUID, UUID],
    package: Package,
    connected: World,
    mis_database: Database,
    wire: Wire,
) -> None:
    path = await pictured(pharmacist, stocked[0])
    await pharmacist.send(f"{path}/dispense", package_1=package.id, packages_1="2")
    wire.loses_answer = lambda request: request.url.path == DISPENSES
    await sign(pharmacist, connected)
    assert await left(mis_database) == {"LATE": 50, "EARLY": 50}
    wire.loses_answer = lambda _request: False
    await pharmacist.send(pharmacist.path.replace("/sign", "/send"))
    assert await left(mis_database) == {"LATE": 50, "EARLY": 30}
    assert pharmacist.page is not None
    given = pharmacist.page.text.split('name="dispense"')[1].split('value="')[1].split('"')[0]
    wire.loses_answer = lambda request: request.method == "PATCH"
    await pharmacist.send(f"{path}/cancel", dispense=given, error_reason="Повернуто цілим")
    assert await left(mis_database) == {"LATE": 50, "EARLY": 30}
    wire.loses_answer = lambda _request: False
    for _look in range(2):
        await pharmacist.get(path)
        assert await left(mis_database) == {"LATE": 50, "EARLY": 50}


async def test_day_when_before_the_books_then_nothing_is_taken(
    pharmacist: Browser, stocked: tuple[UUID, UUID], package: Package, connected: World, mis_database: Database
) -> None:
    path = await pictured(pharmacist, stocked[0])
    await pharmacist.send(f"{path}/dispense", package_1=package.id, packages_1="1", dispensed_at="2026-11-21")
    await sign(pharmacist, connected)
    assert "Відпуск записано" in pharmacist.text
    assert await left(mis_database) == {"LATE": 50, "EARLY": 50}
