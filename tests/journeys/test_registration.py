"""A stranger with a key file and nothing else becomes a registered person, on a telephone."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

CODE = re.compile(r"Код авторизації дій в системі eHealth: (\d{4})")


async def code_sent_to(demo: Demo, phone: str) -> str:
    """The development inbox shows what the person's telephone would; the newest code to it."""
    async with httpx.AsyncClient() as client:
        for _ in range(120):
            for message in (await client.get(f"{demo.address('inbox')}/messages")).json():
                found = CODE.search(message["body"])
                if found and phone in str(message):
                    return found[1]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No code to {phone}")


async def goes_on(page: Page, heading: str) -> None:
    """The next page of the registration."""
    await page.get_by_role("button", name="Далі").click()
    await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    await assert_accessible(page)


async def tells_of_herself(page: Page) -> None:
    """The birth date and the sex follow from the tax number: there is little to type."""
    await page.get_by_label("Місто або село, де Ви народилися").fill("Полтава")
    await page.get_by_label("Слово-пароль").fill("калинонька")
    await goes_on(page, "Ваш документ")


async def tells_of_the_document(page: Page, person: dict[str, Any]) -> None:
    await page.get_by_label("Паспорт-книжечка", exact=True).check()
    await page.get_by_label("Номер документа").fill(person["passport"])
    await page.get_by_label("Ким виданий").fill("Полтавським РВ УМВС")
    issued = page.get_by_role("group", name="Дата видачі")
    for label, value in (("День", "28"), ("Місяць", "2"), ("Рік", "2017")):
        await issued.get_by_label(label).fill(value)
    await goes_on(page, "Де Ви живете")


async def tells_where_she_lives(page: Page) -> None:
    await page.get_by_label("Населений пункт").fill("Полтав")
    await page.get_by_role("option", name=re.compile("^Полтава, ")).first.click()
    await page.get_by_label("Назва вулиці").fill("Соборності")
    await page.get_by_label("Будинок").fill("12")
    await goes_on(page, "Як з Вами зв’язатися")


async def tells_the_telephone(page: Page) -> None:
    await page.get_by_label("Ваш мобільний телефон").fill("0671112233")
    await page.get_by_label("Прізвище").fill("Іваненко")
    await page.get_by_label("Ім’я").fill("Петро")
    await page.get_by_label("Телефон цієї людини").fill("050 111 22 33")
    await goes_on(page, "Перевірте й підпишіть")


async def test_key_file_then_registered_and_at_home_on_a_telephone(demo: Demo, screens: Screens) -> None:
    person = next(each for each in demo.table["people"] if each["role"] == "NEWCOMER")
    page = await screens.open(PHONE)
    await page.goto(demo.address("cabinet"))
    await story.signs(page, demo, person)
    await expect(page.get_by_role("heading", name="Вас ще немає в ЕСОЗ")).to_be_visible()
    await assert_accessible(page)
    await tells_of_herself(page)
    await tells_of_the_document(page, person)
    await tells_where_she_lives(page)
    await tells_the_telephone(page)
    await expect(page.get_by_text("Соборності 12")).to_be_visible()
    await story.signs(page, demo, person)
    await expect(page.get_by_role("heading", name="Введіть код із SMS")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Код із SMS").fill(await code_sent_to(demo, "+380671112233"))
    await page.get_by_role("button", name="Завершити реєстрацію").click()
    await expect(page.get_by_role("heading", name=re.compile(person["first_name"]))).to_be_visible()
    await expect(page.get_by_text("Вас зареєстровано в ЕСОЗ.")).to_be_visible()
    await assert_accessible(page)
    await page.goto(f"{demo.address('cabinet')}/person")
    await expect(page.get_by_text(person["name"]).first).to_be_visible()
