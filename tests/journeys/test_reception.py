"""Somebody comes for the first time: the registrar registers them with a code, then the doctor finds them."""

import asyncio
import random
import re
from datetime import UTC, datetime

import httpx
import pytest
from playwright.async_api import Page, expect

from esoz.sandbox.identities import Identity, People
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

SURNAME = "Надзвичайченко-Верхньодніпровська"  # long ones are people too


async def newest_code(demo: Demo, phone: str, seen: set[str]) -> str:
    """The development inbox shows what the patient's telephone would; a code is told once."""
    async with httpx.AsyncClient() as client:
        for _ in range(240):
            for message in (await client.get(f"{demo.address('inbox')}/messages")).json():
                found = re.search(r"\b\d{4}\b", message["body"])
                if found and message["recipient"] == phone and message["body"] not in seen:
                    seen.add(message["body"])
                    return found[0]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No code to {phone}")


async def fills_in(page: Page, person: Identity, phone: str) -> None:
    """What the registrar copies from the passport and asks."""
    await page.get_by_label("жіноча").check()
    for label, text in (
        ("Місто або село народження", "Полтава"),
        ("Серія й номер документа", person.passport),
        ("Ким видано", "Навчальний орган"),
        ("Коли видано", "2012-05-05"),
        ("Назва вулиці (за наявності)", "Садова"),
        ("Прізвище цієї людини", "Кобзар"),
        ("Ім’я цієї людини", "Остап"),
        ("Телефон цієї людини", "0671112233"),
        ("Слово-пароль", "калинонька"),
        ("Телефон для кодів", phone),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_label("Вид документа").select_option("PASSPORT")
    await page.get_by_label("Код із SMS").check()
    box = page.get_by_label("Місто, селище або село")
    await box.press_sequentially("Полтава", delay=20)
    await page.get_by_role("option", name=re.compile("^Полтава, ")).first.click()


async def changes_what_is_registered(page: Page) -> None:
    """As far as the form, which a registrar fills in from the papers."""
    await page.get_by_role("link", name="Змінити персональні дані").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Почати зміну").click()
    await expect(page.get_by_text("не показує Вам персональних даних")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name=re.compile("^Реєстрація$")).last.click()
    await expect(page.get_by_text("Зміна даних").first).to_be_visible()


async def adds_a_way_to_confirm(page: Page, demo: Demo, phone: str, seen: set[str]) -> None:
    """Papers beside the telephone, agreed to by a code to it."""
    await page.goto(f"{demo.address('mis')}/registrations?state=done")
    await page.get_by_role("link", name=re.compile(f"Відкрити {SURNAME}")).first.click()
    await page.get_by_role("button", name="Відкрити пацієнта").click()
    await page.get_by_role("link", name="Способи підтвердження").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Додати спосіб").click()
    await page.get_by_role("button", name="Продовжити").click()
    await expect(page.get_by_role("heading", name="Виправте помилки")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Документи в закладі").check()
    await page.get_by_role("button", name="Продовжити").click()
    await expect(page.get_by_role("heading", level=1, name="Підтвердження пацієнта")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_label("Код із SMS").fill(await newest_code(demo, phone, seen))
    await page.get_by_role("button", name="Підтвердити").click()
    await expect(page.get_by_text("Зміну записано в ЕСОЗ")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name=re.compile("^Завершити Документи")).click()
    await assert_accessible(page)


async def the_doctor_finds(doctor: Page, demo: Demo, person: Identity) -> None:
    """On a telephone, by the one box of the search."""
    await story.signs_in_to_the_workplace(doctor, demo, demo.worker("doctor@kalyna.example"))
    await doctor.goto(f"{demo.address('mis')}/patients?q={SURNAME}+Ґалина+{person.birth_date:%d.%m.%Y}")
    await doctor.get_by_role("link", name=re.compile(f"Відкрити {SURNAME}")).click()
    await expect(doctor.get_by_role("heading", level=1, name=re.compile(SURNAME))).to_be_visible()
    await assert_accessible(doctor)


async def test_newcomer_registered_with_a_code_then_found_by_the_doctor(demo: Demo, screens: Screens) -> None:
    registrar = demo.worker("receptionist@kalyna.example")
    person = People(random.randrange(10**6)).person(datetime.now(UTC).date(), (30, 60))
    phone, seen = f"+38093{random.randrange(10**7):07d}", set[str]()
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, registrar)
    await desk.goto(f"{demo.address('mis')}/patients")
    await desk.get_by_role("link", name="Зареєструвати нового пацієнта").click()
    await desk.get_by_label("Прізвище").fill(SURNAME)
    await desk.get_by_label("Ім’я").fill("Ґалина")
    await desk.get_by_label("Дата народження").fill(f"{person.birth_date:%d.%m.%Y}")
    await desk.get_by_label("РНОКПП (за наявності)").fill(person.tax_id)
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Перевірити й продовжити").click()
    await expect(desk.get_by_role("heading", level=1, name="Реєстрація пацієнта")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Продовжити").last.click()
    await expect(desk.get_by_role("heading", name="Виправте помилки")).to_be_visible()
    await assert_accessible(desk)
    await fills_in(desk, person, phone)
    await desk.get_by_role("button", name="Продовжити").last.click()
    await expect(desk.get_by_role("heading", level=1, name="Перевірте дані з пацієнтом")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Надіслати на підтвердження").click()
    await expect(desk.get_by_role("heading", level=1, name="Підтвердіть телефон")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Код із SMS").fill(await newest_code(demo, phone, seen))
    await desk.get_by_role("button", name="Підтвердити телефон").click()
    await expect(desk.get_by_role("heading", level=1, name="Підтвердження пацієнта")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Код із SMS").fill(await newest_code(demo, phone, seen))
    await desk.get_by_role("button", name="Підтвердити").click()
    await expect(desk.get_by_role("heading", level=1, name="Підписи")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Пацієнт (представник) підписав надруковану форму").check()
    await desk.get_by_role("button", name="Далі до мого підпису").click()
    await assert_accessible(desk)
    await story.signs(desk, demo, registrar)
    await expect(desk.get_by_role("heading", name="Пацієнта зареєстровано в ЕСОЗ")).to_be_visible(timeout=30_000)
    await assert_accessible(desk)
    await desk.goto(f"{demo.address('mis')}/registrations?state=done")
    await expect(desk.get_by_text(SURNAME).first).to_be_visible()
    await assert_accessible(desk)

    await desk.get_by_role("link", name=re.compile(f"Відкрити {SURNAME}")).first.click()
    await desk.get_by_role("button", name="Відкрити пацієнта").click()
    await changes_what_is_registered(desk)
    await adds_a_way_to_confirm(desk, demo, phone, seen)

    await the_doctor_finds(await screens.open(PHONE), demo, person)
