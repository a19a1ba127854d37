"""The wallet in a real browser, first on a phone: two prescriptions with one QR, one handed over, opened once."""

# ruff: noqa: F811  fixtures of the other look, asked for by the same names

from pathlib import Path

import pytest

from tests.factories.prescriptions import sent_code
from tests.journeys.axe import assert_accessible

from .conftest import more_like
from .test_look import address, chromium, sign_in, window  # noqa: F401  its fixtures
from .test_offers import OFFER, told

pytestmark = pytest.mark.journey


async def look(page, folder: Path, name: str) -> None:
    await page.screenshot(path=folder / f"{name}.png", full_page=True)
    await assert_accessible(page)


async def test_two_shown_together_then_one_handed_over_and_opened_once(
    window, chromium, address, world, prescribing, db, tmp_path
):
    made = await prescribing.prescribe()
    code = await sent_code(db, made["request_number"])
    [number] = await more_like(db, made["id"], 1)
    await sign_in(window, world)
    await window.goto("/prescriptions")
    await look(window, tmp_path, "list")
    await window.click("text=Кілька рецептів разом")
    for box in await window.locator("input[name=rx]").all():
        await box.check()
    await look(window, tmp_path, "choose")
    await window.click("text=Показати номери й коди")
    shown = (await window.inner_text("main")).replace("\u200b", "")
    assert made["request_number"] in shown and number in shown and code in shown
    image = window.locator("img")
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    await look(window, tmp_path, "together")

    await window.goto(f"/prescriptions/{made['id']}")
    await look(window, tmp_path, "one")
    await window.click("text=передайте їй номер і код")
    await look(window, tmp_path, "new")
    await window.click("text=Створити посилання")
    link = await window.input_value("#link")
    await look(window, tmp_path, "share")

    context = await chromium.new_context(viewport=window.viewport_size, locale="uk-UA", base_url=address)
    stranger = await context.new_page()
    path = link[link.index("/s/") :]
    await stranger.goto(path)
    await look(stranger, tmp_path, "link")
    await stranger.click("text=Показати номер і код")
    opened = await stranger.inner_text("main")
    assert code in opened and made["request_number"] in opened and "Савченко" not in opened
    await look(stranger, tmp_path, "opened")
    assert (await stranger.goto(path)).status == 404
    await look(stranger, tmp_path, "over")
    await context.close()

    await window.goto("/shares")
    assert "Відкрито" in await window.inner_text("main")
    await look(window, tmp_path, "shares")


async def test_pharmacies_then_prices_and_places_fit_a_phone(window, world, prescribing, road, tmp_path):
    made = await prescribing.prescribe()
    road.answers[f"GET /api/pis/medication_requests/{made['id']}/offers"] = told(OFFER, OFFER)
    await sign_in(window, world)
    await window.goto(f"/prescriptions/{made['id']}/pharmacies")
    assert "100,00" in await window.inner_text("main")
    await look(window, tmp_path, "offers")
