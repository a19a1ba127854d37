"""A pharmacist in a territory of hostilities, at the counter."""

from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.central.exceptions.conftest import in_war
from tests.factories.prescriptions import AMOXICILLIN, dosage, package_of, stock
from tests.factories.world import World

from ..conftest import Browser, Consent, come_in


@pytest.fixture
async def pharmacist(browser: Browser, consent: Consent, connected: World, mis: Mis) -> Browser:
    return await come_in(browser, consent, "PHARMACIST", connected.pharmacist)


@pytest.fixture
async def at_war(central_database: Database, dependencies: Dependencies, clock: FixedClock, connected: World) -> UUID:
    """The pharmacy stands in the list, and has amoxicillin in packages of ten."""
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        work = Work(NOBODY, clock.now(), db, dependencies)
        await stock(work, "амоксицилін")
        await in_war(work)
        return await package_of(db, await dosage(db, AMOXICILLIN), 10)
