"""A conclusion about temporary incapacity goes from the visit to the patient's cabinet, and is continued."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey
NUMBER = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
KIND = "Захворювання або травма загального характеру – Медичний висновок про тимчасову непрацездатність"


async def test_conclusion_from_the_visit_to_the_cabinet(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[3]

    # a doctor examines the patient and states that they cannot work
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Гострий бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await (
        desk.get_by_role("link", name="Скласти медичний висновок")
        .or_(desk.get_by_role("button", name="Скласти медичний висновок"))
        .first.click()
    )
    today = date.fromisoformat(await desk.get_by_label("Перший день").input_value())

    # more days than allowed: told at the field, nothing else is typed again
    await _fills_in(desk, today + timedelta(days=40))
    await expect(desk.get_by_text("Строк має бути від 1 до 30 дн.").first).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Останній день").fill((today + timedelta(days=4)).isoformat())
    await desk.get_by_role("button", name="Перевірити й перейти до підпису").click()
    number = await _signs(desk, demo, doctor)

    # the patient is told the number, and reads and prints the conclusion
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_cabinet(phone, demo, patient)
    await phone.goto(f"{demo.address('cabinet')}/conclusions")
    await expect(phone.get_by_text(number).first).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("link", name="Медичний висновок про тимчасову непрацездатність").first.click()
    await expect(phone.get_by_text("Чинний").first).to_be_visible()
    await assert_accessible(phone)
    paper = await phone.request.get(f"{phone.url}/certificate.pdf")
    assert (await paper.body()).startswith(b"%PDF")

    # the illness goes on: continued from the next day, both are in the list
    await (
        desk.get_by_role("link", name="Переглянути й надрукувати")
        .or_(desk.get_by_role("button", name="Переглянути й надрукувати"))
        .first.click()
    )
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Продовжити", exact=True).first.click()
    await expect(desk.get_by_label("Перший день")).to_have_value((today + timedelta(days=5)).isoformat())
    await desk.get_by_label("Прийом", exact=True).select_option(index=1)
    await desk.get_by_label("Останній день").fill((today + timedelta(days=8)).isoformat())
    await desk.get_by_role("button", name="Перевірити й перейти до підпису").click()
    second = await _signs(desk, demo, doctor)
    assert second != number
    await phone.goto(f"{demo.address('cabinet')}/conclusions?status=ahead")
    await expect(phone.get_by_text(second).first).to_be_visible()


async def _fills_in(desk: Page, last: date) -> None:
    await desk.get_by_label("Який висновок").select_option(label=KIND)
    visits = desk.get_by_label("Прийом", exact=True)
    if not await visits.input_value():
        await visits.select_option(index=1)
    await desk.get_by_label("Останній день").fill(last.isoformat())
    await desk.get_by_label("Висновок словами").fill("Потребує спокою")
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Перевірити й перейти до підпису").click()


async def _signs(desk: Page, demo: Demo, doctor: dict[str, object]) -> str:
    """From the text in full to what central has; the number of the conclusion."""
    await expect(desk.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await assert_accessible(desk)
    found = NUMBER.search(await desk.locator("main").inner_text())
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    assert found
    return found[0]
