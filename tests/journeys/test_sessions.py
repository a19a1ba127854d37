"""A doctor's sessions: two devices, one of them ended from the other; the lock of the screen; what was typed stays."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

DOCTOR = "doctor@kalyna.example"
NAME = "Гострий бронхіт, чернетка"


async def comes_in(page: Page, password: str) -> None:
    await page.get_by_label("Пароль", exact=True).fill(password)
    await page.keyboard.press("Enter")


async def test_lock_and_end_from_another_device_then_nothing_typed_is_lost(demo: Demo, screens: Screens) -> None:
    doctor = demo.worker(DOCTOR)
    desk, phone = await screens.open(), await screens.open()
    await phone.set_viewport_size(PHONE)
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.signs_in_to_the_workplace(phone, demo, doctor)

    # a form is half filled in when the doctor leaves the desk and locks the screen
    await story.finds_the_patient(desk, demo, demo.patients()[4])
    await desk.goto(f"{desk.url.partition('?')[0]}/episodes/new")
    await desk.get_by_label("Назва").fill(NAME)
    await desk.get_by_role("button", name="Заблокувати екран").click()
    await expect(desk.get_by_role("heading", name="Екран заблоковано")).to_be_visible()
    await assert_accessible(desk)
    await comes_in(desk, doctor["password"])
    await expect(desk.get_by_label("Назва")).to_have_value(NAME)
    await assert_accessible(desk)

    # from the phone the session at the desk is ended
    await phone.goto(f"{demo.address('mis')}/account/sessions")
    await expect(phone.get_by_text("Цей сеанс")).to_have_count(1)
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Завершити всі інші сеанси").click()
    await expect(phone.get_by_text("Усі інші сеанси завершено.")).to_be_visible()

    # the desk types on, is told why, signs in, and goes on with the same form
    await desk.get_by_label("Назва").fill(f"{NAME} 2")
    await expect(desk.get_by_text("Сеанс завершено з іншого пристрою")).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Електронна пошта").fill(doctor["email"])
    await comes_in(desk, doctor["password"])
    await expect(desk.get_by_label("Назва")).to_have_value(f"{NAME} 2")
    await expect(desk.get_by_text("Ми зберегли введене")).to_be_visible()
