"""Pages of patients in a real browser, first on a phone; the task for guessers of passwords is solved by its script."""

from dataclasses import replace
from datetime import date
from urllib.parse import quote
from uuid import uuid4

import pytest

from esoz.central import identity, pis
from esoz.kernel.settings import Settings
from tests.central.pis.test_confidant import PAPER, child
from tests.central.pis.test_sign_up import Cabinet, newcomer, registration  # noqa: F401 a fixture
from tests.journeys.axe import assert_accessible

from .conftest import EMAIL, PASSWORD
from .test_look import chromium, served, window  # noqa: F401 fixtures

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

pytestmark = pytest.mark.journey


@pytest.fixture
async def address(database, dependencies, clock):
    wary = replace(dependencies, settings=Settings({"ESOZ_CAPTCHA_FAILURES": "2"}))
    async with served(database, wary, clock) as url:
        yield url


async def test_patients_on_their_way_then_every_page_is_accessible(window, newcomer, patient, work, db):
    await db.execute("update clients set type = 'PIS' where id = $1", patient.client_id)
    broker = await db.fetchval("select id from brokers where kind = 'PIS'")
    await identity.connect(
        work, client_id=patient.client_id, broker_id=broker, redirect_uri="https://cabinet.test", secret="x"
    )
    born = date(2020, 5, 4)
    act = pis.CivilAct(uuid4(), pis.ActKind.BIRTH, PAPER, "Малюк", "Марічка", born, frozenset({patient.tax_id}))
    await pis.import_civil_acts(work, [act])
    cabinet = Cabinet(patient)
    query = f"client_id={patient.client_id}&redirect_uri=https://cabinet.test&scope=person:sign_in+declaration:read_pis"

    async def look(page: str, document: str = "") -> None:
        await window.goto(f"/{page}?{query}&user_data={quote(document, safe='')}")
        await assert_accessible(window)

    await look("sign-up", newcomer.sign(await registration(newcomer, cabinet)))
    await window.click("main button[value=yes]")
    await window.wait_for_selector("#otp")
    await assert_accessible(window)
    await look("sign-up")
    await look("sign-in", patient.sign({"jwt": await cabinet.jwt()}))
    await window.click("main button[value=yes]")
    await window.wait_for_selector("text=Дозволити роботу від Вашого імені?")
    await assert_accessible(window)
    await look("confidant/sign-up", patient.sign(await child(patient, newcomer, cabinet)))
    await window.wait_for_selector("text=Малюк Марічка")
    await look("confidant/sign-in")
    await window.goto("/account")
    await assert_accessible(window)


async def test_task_when_solved_by_the_script_then_the_form_goes(window, worker_id):
    for _ in range(2):
        await window.goto("/sign-in")
        await window.fill("#email", EMAIL)
        await window.fill("#password", "неправильний")
        await window.press("#password", "Enter")
        await window.wait_for_selector(".govuk-error-summary:focus")
    await assert_accessible(window)
    await window.fill("#email", EMAIL)
    await window.fill("#password", PASSWORD)
    await window.press("#password", "Enter")
    await window.wait_for_selector("text=Вийти", timeout=20_000)
