"""A doctor with little time: three medicines of a visit under one signature, and one written by the keyboard alone."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

THREE = (
    ("амоксицилін 500 мг капсули", "1 капс. 3 р/д 7 дн після їди"),
    ("азитроміцин 500 мг", "1 т. 1 р/д 3 дн"),
    ("ципрофлоксацин 500 мг", "500 мг x 2 5 д"),
)


async def test_several_medicines_at_one_visit_then_one_signature(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[3]
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Гострий бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await story.finds_the_patient(desk, demo, patient)

    # three medicines: what they are, and how each is taken; nothing else is asked
    await desk.get_by_role("link", name="Виписати рецепт").click()
    await desk.get_by_text("Ще ліки на цьому прийомі").click()
    for number, (medicine, how) in enumerate(THREE, 1):
        end = f" {number}" if number > 1 else ""
        await desk.get_by_label(f"Лікарський засіб{end}", exact=True).fill(medicine)
        await desk.get_by_role("option", name=re.compile(medicine)).first.click()
        await desk.get_by_label(f"Як приймати{end}", exact=True).fill(how)
    await assert_accessible(desk)
    await desk.get_by_role("button", name="Далі").click()

    # one check, in full words
    await expect(desk.get_by_role("heading", level=1)).to_contain_text("Рецепти прийому: 3")
    await expect(desk.get_by_text("По 1 капс. 3 рази на день протягом 7 днів, після їди, перорально.")).to_be_visible()
    await assert_accessible(desk)
    await story.answers_doubts(desk)
    await desk.get_by_role("button", name="Створити й перейти до підпису").click()

    # one opening of the key, each its own document and result
    await expect(desk.get_by_role("heading", level=1)).to_contain_text("Підписати все: 3")
    await assert_accessible(desk)
    await story.signs(desk, demo, doctor)
    for number in range(1, 4):
        await expect(desk.locator(f"#result-{number}")).to_have_text("Рецепт виписано.", timeout=30_000)

    # on a telephone the first screen offers to repeat them
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_workplace(phone, demo, doctor)
    await story.finds_the_patient(phone, demo, patient)
    await phone.get_by_role("link", name="Виписати рецепт").click()
    await phone.get_by_text("Повторити попередні рецепти пацієнта").click()
    await assert_accessible(phone)

    # and by the keyboard alone: medicine, line, Enter
    await by_keyboard(desk, patient["last_name"], THREE[0])


async def by_keyboard(page: Page, surname: str, wanted: tuple[str, str]) -> None:
    """From the first screen to the check without a mouse."""
    medicine, how = wanted
    await page.goto(page.url.replace("/sign-all", "/prescriptions/new"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Новий рецепт")
    await page.get_by_label("Лікарський засіб", exact=True).focus()
    await page.keyboard.type(medicine)
    await expect(page.get_by_role("option", name=re.compile(medicine)).first).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type(how)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Перевірка рецепта")).to_be_visible()
    await expect(page.get_by_text(surname).first).to_be_visible()
