"""A device on prescription travels from the doctor through the pharmacy to the patient."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey
NUMBER = re.compile(r"(?:[0-9AEHKMPTX]{4}-){3}[0-9AEHKMPTX]{4}")


async def test_test_strips_from_the_doctor_to_the_patient(demo: Demo, screens: Screens) -> None:
    doctor, pharmacist = demo.worker("doctor@kalyna.example"), demo.worker("pharmacist@romashka.example")
    patient = demo.patients()[3]

    # a doctor examines the patient and prescribes test strips
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Цукровий діабет")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await story.finds_the_patient(desk, demo, patient)
    number = await _prescribes_strips(desk, demo, doctor)
    code = await story.code_of_the_sms(demo, number)

    # the pharmacist finds it in the one field of the counter, by number and code
    counter = await screens.open(PHONE)
    await story.signs_in_to_the_workplace(counter, demo, pharmacist)
    await story.finds_the_prescription(counter, demo, number)
    await _fits(counter)
    await counter.get_by_label("Код підтвердження").fill(code)
    await counter.get_by_role("button", name="Почати відпуск").click()
    await expect(counter.get_by_role("heading", name="Підпишіть відпуск")).to_be_visible(timeout=30_000)
    await assert_accessible(counter)
    await story.signs(counter, demo, pharmacist)
    await expect(counter.get_by_text("За рецептом залишилося")).to_be_visible(timeout=30_000)
    await expect(counter.get_by_text("0 шт.").first).to_be_visible()
    await assert_accessible(counter)
    await counter.goto(f"{demo.address('mis')}/pharmacy/devices")
    await expect(counter.locator("tbody").get_by_text("Відпущено").first).to_be_visible()
    await assert_accessible(counter)

    # the patient sees that nothing is left
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_cabinet(phone, demo, patient)
    await phone.goto(f"{demo.address('cabinet')}/devices")
    await expect(phone.get_by_text("Використаний").first).to_be_visible()
    await assert_accessible(phone)


async def _prescribes_strips(desk: Page, demo: Demo, doctor: dict[str, object]) -> str:
    """From the patient's page to the number."""
    await desk.get_by_role("link", name="Виписати виріб").click()
    visits = desk.get_by_label("Прийом", exact=True)
    if not await visits.input_value():
        await visits.select_option(index=1)
    await desk.get_by_label("Медичний виріб").select_option(index=1)
    await desk.get_by_label("Скільки упаковок").fill("1")
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Перейти до підпису").click()
    await expect(desk.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await desk.get_by_role("button", name="Номер і код").or_(desk.get_by_role("link", name="Номер і код")).first.click()
    await assert_accessible(desk)
    found = NUMBER.search(await desk.locator("main").inner_text())
    assert found
    return found[0]


async def _fits(counter: Page) -> None:
    """Quantity and price stand there already where one device fits; else the first is taken."""
    packages = counter.locator("input[name^=packages-]").first
    if not await packages.input_value():
        await packages.fill("1")
    amount = counter.locator("input[name^=amount-]").first
    if await amount.count() and not await amount.input_value():
        await amount.fill("400")
    await assert_accessible(counter)
