"""The door through Diia, on a telephone: a doctor is chosen, the declaration signed, seen and ended."""

import re
from typing import Any

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


async def test_a_doctor_is_chosen_signed_seen_and_ended(demo: Demo, screens: Screens) -> None:
    phone = await screens.open(PHONE)
    await comes_in(phone, demo, without_a_doctor(demo))

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

    await phone.get_by_role("link", name="Припинити декларацію").click()
    await assert_accessible(phone)
    await phone.get_by_label("Причина, за бажанням").fill("Переїзд")
    await phone.get_by_role("button", name="Припинити", exact=True).click()
    await expect(phone.get_by_text("Чинної декларації немає")).to_be_visible()
    await assert_accessible(phone)


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
        await expect(phone.get_by_text(text).first).to_be_visible()
        await assert_accessible(phone)
