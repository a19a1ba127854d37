"""The way of somebody who changes their doctor, on a telephone in a real browser, to the end of the declaration."""

import base64

import pytest
from playwright.async_api import Page

from esoz.cabinet.app import Cabinet
from esoz.cabinet.doctors import commands
from tests.factories.world import World
from tests.journeys.axe import assert_accessible

from .test_look import PHONE, address, chromium, sign_in  # noqa: F401  its fixtures

pytestmark = pytest.mark.journey


@pytest.fixture
async def telephone(chromium, address, cabinet: Cabinet):  # noqa: F811 its fixtures
    await commands.refresh(cabinet.services)
    context = await chromium.new_context(viewport=PHONE, locale="uk-UA", base_url=address)
    page = await context.new_page()
    yield page
    await context.close()


async def sign(page: Page, world: World) -> None:
    """What the page shows, in another program: so the story does not lean on the browser's clock."""
    content = await page.get_attribute("[data-kep-content]", "value")
    document = base64.b64decode(world.patient.sign(base64.b64decode(content or "")))
    await page.click("text=Підписати в іншому застосунку")
    file = {"name": "deklaratsiia.json.p7s", "mimeType": "application/pkcs7-mime", "buffer": document}
    await page.set_input_files("#signed_file", [file])
    await page.click("text=Надіслати підписане")


async def fits(page: Page) -> None:
    """Accessible, and no wider than the telephone."""
    await assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_doctor_found_chosen_signed_seen_and_left(telephone: Page, world: World) -> None:
    page = telephone
    await sign_in(page, world)
    await page.click("text=Меню")
    await page.click("nav >> text=Мій лікар")
    await page.click("text=Обрати іншого лікаря")
    await page.wait_for_selector("text=Знайдено")
    await fits(page)
    await page.fill("#settlement", "полт")
    await page.click("role=option[name=/Полтава/]")
    await page.click("button:has-text('Знайти лікаря')")
    await page.wait_for_selector("text=Полісся")
    await fits(page)
    await page.locator("main ul >> a").first.click()
    await fits(page)
    await page.click("text=Обрати цього лікаря")
    await page.wait_for_selector("text=Підпис декларації")
    await fits(page)
    await sign(page, world)
    await page.wait_for_selector("text=Тепер це Ваш лікар")
    await fits(page)
    await page.click("text=Текст декларації для читання й друку")
    await page.wait_for_selector("text=Надавач медичних послуг")
    await fits(page)
    await page.click("text=До декларації")
    await page.click("text=Завершити декларацію")
    await fits(page)
    await page.fill("#reason", "Переїжджаю")
    await page.click("button:has-text('Завершити декларацію')")
    await page.wait_for_selector("text=Лікаря у Вас тепер немає")
    await fits(page)
    await page.goto("/declarations")
    await page.wait_for_selector("text=Чинної декларації немає")
    await fits(page)
    await page.goto("/")
    await page.wait_for_selector("text=Оберіть свого лікаря")
    await fits(page)
