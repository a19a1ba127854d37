"""Sessions and the lock of the screen in a real browser: by keyboard, in two tabs, at a desk and on a phone."""

from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from esoz.mis.app import Mis
from esoz.mis.documents.sync.model import State
from tests.journeys.axe import assert_accessible

from .conftest import PASSWORD, Browser
from .test_look import address, chromium, page, sign_in  # noqa: F401 fixtures
from .test_visits import begin_visit, episode_of, open_episode

# ruff: noqa: F811 the fixtures are named as arguments
pytestmark = pytest.mark.journey

TYPED = "Біль у горлі, 38,2 з учора"


@pytest.fixture
async def visit(doctor: Browser, mis: Mis, patient_id: UUID) -> str:
    """A draft of an encounter; its path."""
    document = await begin_visit(doctor, patient_id, await episode_of(mis, await open_episode(doctor, patient_id)))
    async with mis.services.database.connection() as db:
        assert await db.fetchval("select state from documents where id = $1", UUID(document)) == State.DRAFT
    return f"/visits/{document}"


async def test_locked_by_keyboard_then_both_tabs_are_locked_and_the_typed_text_is_there_again(
    page: Page, visit: str, address: str
) -> None:
    await sign_in(page, address, "DOCTOR")
    other = await page.context.new_page()
    await other.goto(f"{address}/account/sessions")
    await assert_accessible(other)

    await page.goto(f"{address}{visit}")
    await page.get_by_label("Скарги").fill(TYPED)
    await page.get_by_role("button", name="Заблокувати екран").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Екран заблоковано")).to_be_visible()
    await assert_accessible(page)
    await expect(other.get_by_role("heading", name="Екран заблоковано")).to_be_visible()

    await page.get_by_label("Пароль", exact=True).fill("Неправильний-1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Залишилося 3 спроби.")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Скарги")).to_have_value(TYPED)
    await assert_accessible(page)
