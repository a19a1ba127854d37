"""The door through the state's portal, on a telephone: identified by a bank, signed with a key file, declared."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey


async def is_identified(page: Page, demo: Demo, name: str) -> None:
    """From the portal to id.gov.ua and back."""
    await page.goto(demo.address("portal"))
    await assert_accessible(page)
    await page.get_by_role("button", name="Увійти через id.gov.ua").click()
    await expect(page.get_by_role("heading", name="Підтвердьте, хто Ви")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Ім’я або РНОКПП").fill(name)
    await page.get_by_role("button", name="Знайти").click()
    await page.get_by_role("button", name=f"Це я {name}").click()
    await expect(page.get_by_role("heading", name="Передати Ваші дані?")).to_be_visible()
    await assert_accessible(page)


async def code_of_the_sms(demo: Demo, number: str) -> str:
    """The newest code that went to a telephone."""
    async with httpx.AsyncClient() as client:
        for _ in range(240):
            told = (await client.get(f"{demo.address('inbox')}/messages", params={"recipient": number})).json()
            if told and (found := re.search(r"\b\d{4}\b", told[0]["body"])):
                return found[0]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No SMS to {number}")


async def test_from_nothing_to_a_declared_patient(demo: Demo, screens: Screens) -> None:
    person = [each for each in demo.table["people"] if each["role"] == "NEWCOMER"][1]
    page = await screens.open(PHONE)
    await is_identified(page, demo, person["name"])
    await page.get_by_role("button", name="Не передавати").click()
    await expect(page.get_by_text("Ви не дозволили передати свої дані", exact=False)).to_be_visible()
    await is_identified(page, demo, person["name"])
    await page.get_by_role("button", name="Передати й продовжити").click()
    await expect(page.get_by_role("heading", name="Електронна система")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, person)
    await expect(page.get_by_text("Вас ще немає в ЕСОЗ.", exact=False)).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Слово-пароль").fill("калинонька")
    await page.get_by_label("Прізвище").fill("Олійник")
    await page.get_by_label("Ім’я", exact=True).fill("Ганна")
    await page.get_by_label("Телефон цієї людини").fill("067 123 45 67")
    await page.get_by_label("Даю згоду").check()
    await page.get_by_role("button", name="Далі: перевірити й підписати").click()
    await expect(page.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, person)
    await expect(page.get_by_role("heading", name="Введіть код із SMS")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Код із SMS").fill(await code_of_the_sms(demo, person["phone"]))
    await page.get_by_role("button", name="Завершити реєстрацію").click()
    await expect(page.get_by_text("Вас зареєстровано в ЕСОЗ.")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Обрати лікаря").click()
    await page.get_by_label("Населений пункт").fill("Київ")
    await page.get_by_role("button", name="Знайти").click()
    await expect(page.get_by_text("Є місця").first).to_be_visible()
    await page.locator("main .govuk-summary-card a").first.click()
    await page.get_by_role("button", name="Далі: текст декларації").click()
    await expect(page.get_by_role("heading", name="Прочитайте й підпишіть")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, person)
    await expect(page.get_by_text("Декларацію підписано. Тепер у Вас є лікар.")).to_be_visible()
    await assert_accessible(page)


async def test_a_key_file_proves_who_it_is_on_a_wide_screen(demo: Demo, screens: Screens) -> None:
    person = demo.patients()[0]
    page = await screens.open(DESK)
    await page.goto(demo.address("portal"))
    await page.get_by_role("button", name="Увійти через id.gov.ua").click()
    await story.signs(page, demo, person)
    await page.get_by_role("button", name="Передати й продовжити").click()
    await story.signs(page, demo, person)
    await expect(page.get_by_role("heading", name=f"Вітаємо, {person['first_name']}!")).to_be_visible()
    await assert_accessible(page)
