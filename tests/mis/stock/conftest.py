"""A pharmacy with a stock of its own; central's register of drugs behind it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from tests.factories.prescriptions import Document, set_programme
from tests.factories.world import World

from ..conftest import Browser, Consent, come_in
from ..pharmacy.conftest import code, other, prescribing, rx, ten  # noqa: F401 a prescription to dispense by


@pytest.fixture
async def pharmacist(browser: Browser, consent: Consent, connected: World, mis: Mis) -> Browser:
    """A pharmacist whose pharmacy begins with empty books."""
    return await come_in(browser, consent, "PHARMACIST", connected.pharmacist)


@dataclass(frozen=True)
class Package:
    """A package of the register."""

    id: UUID
    name: str
    offer: UUID


@pytest.fixture
async def packages(central_database: Database, ten: list[UUID]) -> list[Package]:  # noqa: F811 the fixture of that name
    """Packages of ten capsules, as they stand in the programme."""
    async with central_database.connection() as db:
        rows = await db.fetch(
            "select p.id as offer, m.id, m.name from program_medications p join medications m on m.id = p.medication_id"
            " where p.id = any($1) order by m.name, m.id",
            ten,
        )
    return [Package(row["id"], row["name"], row["offer"]) for row in rows]


async def receive(browser: Browser, package: Package, packages: int, **line: object) -> None:
    """A receipt of one line, entered into the books."""
    await browser.get("/stock/receipts/new")
    await browser.send("/stock/receipts/new", supplier="ТОВ «Оптова база»", document="ВН-7")
    path = browser.path
    await browser.send(path, **of(package, packages, **line))
    await browser.send(f"{path}/receive")
    assert "Накладну оприбутковано" in browser.text, browser.text


def of(package: Package, packages: int, **line: object) -> dict[str, object]:
    """A line of a receipt as the form sends it."""
    return {
        "medicine": package.id,
        "series": "A1",
        "expires_on": "2027-12-31",
        "packages": packages,
        "price": "125,50",
    } | line


async def left(database: Database) -> dict[str, object]:
    """What the books say, by series."""
    async with database.connection() as db:
        return {row["series"]: row["quantity"] for row in await db.fetch("select * from stock_batches")}


@pytest.fixture
async def unsigned(central_database: Database, rx: Document) -> AsyncIterator[None]:  # noqa: F811 the fixture of that name
    """The programme asks for no signature of a dispense."""
    async with central_database.connection() as db:
        await set_programme(db, skip_medication_dispense_sign=True)
        yield
        await set_programme(db, skip_medication_dispense_sign=False)
