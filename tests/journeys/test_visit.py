"""A visit with the patient beside it: on a desk in one screen, on a phone in tabs, and by the keyboard alone."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import Demo, Screens

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("ESOZ_PICTURES", "")  # a folder for pictures of the pages, for whoever looks at them
# Stops of the keyboard from the complaints to the button of the signature: none of them may come back.
MOST_STOPS = 45


async def test_visit_with_the_patient_beside_it(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[2]
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)

    # the next visit knows the last one, and copies it
    await story.finds_the_patient(desk, demo, patient)
    await desk.get_by_role("link", name=re.compile("Бронхіт")).first.click()
    await desk.get_by_role("button", name="Записати прийом").click()
    await expect(desk.get_by_role("heading", name="Попередній прийом")).to_be_visible()
    await expect(desk.get_by_role("heading", name="Останні виміри")).to_be_visible()
    await desk.get_by_role("button", name="Повторити в цьому прийомі").click()
    await expect(desk.get_by_text("Скопійовано з попереднього прийому")).to_be_visible()
    await desk.get_by_label("Виміряно").fill("АТ 130/80, пульс 78, t 38,2, вага 81, зріст 172, щось")
    await expect(desk.get_by_text("Не зрозуміло")).to_be_visible()
    await assert_accessible(desk)
    if PICTURES:
        await desk.screenshot(path=Path(PICTURES) / "visit-desk.png", full_page=True)

    # from the complaints to the signature by the keyboard
    await desk.get_by_label("Виміряно").fill("АТ 130/80")
    await desk.get_by_label("Скарги").focus()
    stops = 0
    button = desk.get_by_role("button", name="Перейти до підпису")
    while not await button.evaluate("each => each === document.activeElement"):
        await desk.keyboard.press("Tab")
        stops += 1
        assert stops <= MOST_STOPS
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await desk.go_back()

    # on a phone one part at a time, chosen by the arrows of the keyboard too
    await desk.set_viewport_size({"width": 375, "height": 800})
    await desk.reload()
    await expect(desk.get_by_label("Скарги")).to_be_visible()
    await expect(desk.get_by_role("heading", name="Останні виміри")).to_be_hidden()
    await assert_accessible(desk)
    if PICTURES:
        await desk.screenshot(path=Path(PICTURES) / "visit-phone.png", full_page=True)
    await desk.get_by_role("radio", name="Прийом", exact=True).focus()
    await desk.keyboard.press("ArrowRight")
    await expect(desk.get_by_role("heading", name="Останні виміри")).to_be_visible()
    await expect(desk.get_by_label("Скарги")).to_be_hidden()
    await assert_accessible(desk)
    if PICTURES:
        await desk.screenshot(path=Path(PICTURES) / "visit-phone-patient.png", full_page=True)
