"""The door through Diia, on a telephone: a doctor is chosen, the declaration signed, seen and ended."""

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


def without_a_doctor(demo: Demo) -> dict[str, Any]:
    grown_up = [each for each in demo.patients() if each["declared_with"] is None and each["birth_date"] < "2000"]
    return next(each for each in grown_up if each["key_state"] == "valid")


async def comes_in(phone: Page, demo: Demo, person: dict[str, Any]) -> None:
    await phone.goto(demo.address("diia"))
    await assert_accessible(phone)
    await story.takes_the_telephone(phone, person)
    await expect(phone.get_by_role("heading", name="Електронна система")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Підписати й увійти").click()
    await expect(phone.get_by_role("heading", name=f"Вітаємо, {person['first_name']}!")).to_be_visible()
    await assert_accessible(phone)


async def chooses_a_doctor(phone: Page) -> None:
    """From home to the signed declaration."""
    await phone.get_by_role("button", name="Обрати лікаря").click()
    await phone.get_by_label("Населений пункт").fill("Київ")
    await phone.get_by_role("button", name="Знайти").click()
    await expect(phone.get_by_text("Є місця").first).to_be_visible()
    await assert_accessible(phone)
    await phone.locator("main .govuk-summary-card a").first.click()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Далі: текст декларації").click()
    await expect(phone.get_by_role("heading", name="Прочитайте й підпишіть")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Підписати Дія.Підписом").click()
    await expect(phone.get_by_text("Декларацію підписано. Тепер у Вас є лікар.")).to_be_visible()
    await assert_accessible(phone)


async def test_a_doctor_is_chosen_signed_seen_and_ended(demo: Demo, screens: Screens) -> None:
    phone = await screens.open(PHONE)
    await comes_in(phone, demo, without_a_doctor(demo))

    await chooses_a_doctor(phone)

    await phone.get_by_role("link", name="Припинити декларацію").click()
    await assert_accessible(phone)
    await phone.get_by_label("Причина, за бажанням").fill("Переїзд")
    await phone.get_by_role("button", name="Припинити", exact=True).click()
    await expect(phone.get_by_text("Чинної декларації немає")).to_be_visible()
    await assert_accessible(phone)
    await story.puts_the_telephone_down(phone, demo)


async def code_of_the_sms(demo: Demo, number: str) -> str:
    """The newest code that went to a telephone."""
    async with httpx.AsyncClient() as client:
        for _ in range(120):
            told = (await client.get(f"{demo.address('inbox')}/messages", params={"recipient": number})).json()
            if told and (found := re.search(r"\b\d{4}\b", told[0]["body"])):
                return found[0]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No SMS to {number}")


async def test_somebody_new_registers_and_has_a_doctor(demo: Demo, screens: Screens) -> None:
    person = [each for each in demo.table["people"] if each["role"] == "NEWCOMER"][-1]
    phone = await screens.open(PHONE)
    await phone.goto(demo.address("diia"))
    await story.takes_the_telephone(phone, person)
    await phone.get_by_role("button", name="Підписати й увійти").click()
    await expect(phone.get_by_text("Вас ще немає в ЕСОЗ.", exact=False)).to_be_visible()
    await expect(phone.get_by_text(person["passport"])).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Далі: перевірити й підписати").click()
    await expect(phone.get_by_role("heading", name="Виправте помилки")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_label("Слово-пароль").fill("калинонька")
    await phone.get_by_label("Прізвище").fill("Олійник")
    await phone.get_by_label("Ім’я", exact=True).fill("Ганна")
    await phone.get_by_label("Телефон цієї людини").fill("067 123 45 67")
    await phone.get_by_label("Даю згоду").check()
    await phone.get_by_role("button", name="Далі: перевірити й підписати").click()
    await expect(phone.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Підписати Дія.Підписом").click()
    await expect(phone.get_by_role("heading", name="Введіть код із SMS")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_label("Код із SMS").fill(await code_of_the_sms(demo, person["phone"]))
    await phone.get_by_role("button", name="Завершити реєстрацію").click()
    await expect(phone.get_by_text("Вас зареєстровано в ЕСОЗ.")).to_be_visible()
    await chooses_a_doctor(phone)

    # a new address for mail, signed and taken at once
    await phone.goto(f"{demo.address('diia')}/person")
    await phone.get_by_role("button", name="Змінити телефон, пошту, адресу").click()
    await assert_accessible(phone)
    await phone.get_by_label("Електронна пошта").fill("new@example.com")
    await phone.get_by_role("button", name="Далі: перевірити й підписати").click()
    await expect(phone.get_by_role("heading", name="Прочитайте й підпишіть")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Підписати Дія.Підписом").click()
    await expect(phone.get_by_text("Дані змінено.")).to_be_visible()
    await expect(phone.get_by_text("new@example.com")).to_be_visible()
    await story.puts_the_telephone_down(phone, demo)


async def test_prescriptions_notices_and_readings_are_read(demo: Demo, screens: Screens) -> None:
    patient, doctor = demo.patients()[0], demo.worker("doctor@kalyna.example")
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Гострий бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await story.finds_the_patient(desk, demo, patient)
    prescription = await story.writes_a_prescription(desk, demo, doctor, "амоксицилін 500 мг капсули")

    phone = await screens.open(PHONE)
    await comes_in(phone, demo, patient)
    await expect(phone.get_by_text(prescription.number).first).to_be_visible()
    await phone.goto(f"{demo.address('diia')}/prescriptions")
    await assert_accessible(phone)
    await phone.get_by_role("link", name=re.compile("мокси")).first.click()
    await expect(phone.get_by_text(prescription.code, exact=True)).to_be_visible()
    await assert_accessible(phone)
    await phone.goto(f"{demo.address('diia')}/notices")
    await expect(phone.get_by_text(prescription.number).first).to_be_visible()
    await assert_accessible(phone)
    for path, text in (("/readings", doctor["name"]), ("/person", patient["tax_id"]), ("/doctor", "Мій лікар")):
        await phone.goto(f"{demo.address('diia')}{path}")
        await expect(phone.locator("main").get_by_text(text).first).to_be_visible()
        await assert_accessible(phone)
    await story.puts_the_telephone_down(phone, demo)
