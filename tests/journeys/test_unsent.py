"""What is not in ЕСОЗ: a doctor leaves a draft, finds it in the queue by its kind, the head sees whose it is."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey


async def looks_well(page: Page) -> None:
    """At a desk and on a phone."""
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)  # type: ignore[arg-type]  # the same two numbers
        await assert_accessible(page)


def head_of(demo: Demo, worker: dict[str, Any]) -> dict[str, Any]:
    """The head of the clinic at which a doctor works."""
    return next(
        person
        for person in demo.table["people"]
        if person["role"] == "OWNER" and person["organisation"] == worker["organisation"]
    )


async def test_a_draft_is_left_then_its_author_finds_it_and_the_head_sees_whose_it_is(
    demo: Demo, screens: Screens
) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[5]
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Застуда")
    await desk.get_by_role("button", name="Записати прийом").click()
    await desk.get_by_label("Скарги").fill("Кашель")
    await desk.get_by_role("button", name="Зберегти чернетку").click()
    await desk.goto(f"{demo.address('mis')}/sync")
    await desk.get_by_label("Документ", exact=True).select_option("Прийом")
    await desk.get_by_label("Стан").select_option("draft")
    await desk.get_by_role("button", name="Знайти").click()
    await expect(desk.get_by_role("row", name=patient["last_name"])).not_to_have_count(0)
    await looks_well(desk)
    async with desk.expect_download() as coming:
        await desk.get_by_role("link", name="Завантажити список (CSV)").click()
    kept = (await (await coming.value).path()).read_text("utf-8-sig")
    assert patient["last_name"] in kept and "Чернетка" in kept
    await desk.get_by_role("link", name="Лист про непередані записи").click()
    await looks_well(desk)

    office = await screens.open()
    await story.signs_in_to_the_workplace(office, demo, head_of(demo, doctor))
    await office.get_by_role("link", name="Непередане до ЕСОЗ").click()
    await expect(office.get_by_role("rowheader", name=doctor["name"])).to_be_visible()
    await looks_well(office)


async def test_the_log_of_audit_is_sealed_for_everyone_to_see(demo: Demo, screens: Screens) -> None:
    page = await screens.open()
    await page.goto(demo.address("central"))
    await page.get_by_role("link", name="Незмінність журналу аудиту").click()
    await expect(page.get_by_role("heading", name="Незмінність журналу аудиту")).to_be_visible()
    for _ in range(8):  # the first anchor is a minute old at most
        if await page.get_by_role("heading", name="Як перевірити").count():
            break
        await page.wait_for_timeout(10_000)
        await page.reload()
    await looks_well(page)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="сертифікат").first.click()
    assert (await (await coming.value).path()).read_bytes()[:1] == b"\x30"
