"""A stocked central, a patient whom the doctor has seen today, and the walk from the first page to the signature."""

import base64
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.factories.prescriptions import AMOXICILLIN, dosage, stock
from tests.factories.world import Caller, World

from ..conftest import NOW, Browser, Post
from ..test_visits import signed_visit


@pytest.fixture(scope="session")
async def medication_id(central_database: Database, dependencies: Dependencies) -> UUID:
    """Amoxicillin in capsules; central knows its packages and the programme."""
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        await stock(Work(NOBODY, NOW, db, dependencies), "амоксицилін", "азитроміцин")
        return await dosage(db, AMOXICILLIN)


@pytest.fixture
async def encounter_id(
    doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID, medication_id: UUID
) -> UUID:
    """An encounter that the doctor has finished today, accepted by central."""
    document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
    await post.carry()
    async with mis.services.database.connection() as db:
        row = await db.fetchrow("select record_id, state from documents where id = $1", UUID(document_id))
    assert row["state"] == "accepted"
    return UUID(str(row["record_id"]))


@pytest.fixture
async def of_central(central_database: Database) -> AsyncIterator[Connection]:
    """A look into central's database."""
    async with central_database.connection() as db:
        yield db


async def begin(browser: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID) -> str:
    """The first step; return the path of the new draft."""
    await browser.get(f"/patients/{patient_id}/prescriptions/new", encounter=str(encounter_id))
    await browser.send(drug=medication_id, encounter=encounter_id)
    assert browser.path.startswith("/prescriptions/"), browser.text
    return browser.path


async def to_signature(browser: Browser, path: str, **values: object) -> None:
    """From the form through the check to the page of the signature."""
    await browser.send(path, **values)
    assert browser.path == f"{path}/check", browser.text
    await browser.send(f"{path}/make", **reasons(browser))
    assert browser.path == f"{path}/sign", browser.text


def reasons(browser: Browser) -> dict[str, str]:
    """A reason for everything that the page doubts: tests share patients, who have other prescriptions already."""
    assert browser.page is not None
    return dict.fromkeys(re.findall(r'name="(reason-\w+)"', browser.page.text), "checked")


def offered(browser: Browser) -> bytes:
    """The exact bytes that the page gives to be signed."""
    assert browser.page is not None
    return base64.b64decode(browser.page.text.split('data-kep-content value="')[1].split('"')[0])


async def sign(browser: Browser, caller: Caller, path: str = "", content: bytes | None = None) -> httpx.Response:
    """Sign in another program what the page offers, and send it."""
    return await browser.send(path, signed_content=caller.sign(content if content is not None else offered(browser)))


async def count(db: Connection, table: str, patient_id: UUID) -> int:
    found: int = await db.fetchval(f"select count(*) from {table} where person_id = $1", patient_id)
    return found
