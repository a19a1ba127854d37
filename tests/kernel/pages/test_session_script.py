"""The end of a session in a real browser: told ahead, to all tabs, after a sleep; what was typed is never lost."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from esoz.kernel.db import Database
from tests.journeys.axe import assert_accessible

from .test_look import DESK, PHONE, Desk, address, browser, nothing_typed  # noqa: F401 fixtures

# ruff: noqa: F811 the fixtures are named as arguments
pytestmark = pytest.mark.journey

TYPED = "Франко"


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def desk(request: pytest.FixtureRequest, browser: Browser, address: str) -> AsyncIterator[Desk]:
    context = await browser.new_context(viewport=request.param, locale="uk-UA")
    desk = Desk(await context.new_page(), address)
    await desk.sign_in()
    yield desk
    await context.close()


def dialogue(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Сеанс скоро завершиться")


async def opens_the_form(desk: Desk) -> None:
    await desk.page.clock.install()
    await desk.open("/form")


class TestWarning:
    async def test_idle_near_the_end_then_told_with_the_time_left_and_by_keyboard_prolonged(self, desk):
        await opens_the_form(desk)
        await desk.page.clock.fast_forward("58:01")
        await expect(dialogue(desk.page)).to_contain_text("Ви давно нічого не робили")
        await expect(desk.page.locator("[data-session-left]")).to_have_text(re.compile(r"1:5\d"))
        await assert_accessible(desk.page)
        async with desk.page.expect_response("**/session/continue"):
            await desk.page.keyboard.press("Enter")
        await expect(dialogue(desk.page)).to_be_hidden()
        await desk.page.clock.fast_forward("57:00")
        await expect(dialogue(desk.page)).to_be_hidden()
        assert desk.complaints == []

    async def test_another_tab_works_then_this_one_is_not_asked(self, desk):
        await opens_the_form(desk)
        await desk.page.clock.fast_forward("58:01")
        await expect(dialogue(desk.page)).to_be_visible()
        await desk.page.evaluate(
            "const kept = JSON.parse(localStorage.getItem('esoz-session'));"
            "localStorage.setItem('esoz-session', JSON.stringify({ ...kept, idle: Date.now() + 3.6e6 }))"
        )
        await desk.page.clock.fast_forward(1000)
        await expect(dialogue(desk.page)).to_be_hidden()

    async def test_near_the_longest_term_then_it_cannot_be_prolonged_and_the_text_is_there_after_sign_in(
        self, desk, database
    ):
        await _grows_old(database)
        await desk.open("/form")
        await expect(dialogue(desk.page)).to_contain_text("продовжити його не можна")
        assert await dialogue(desk.page).get_by_role("button", name="Продовжити").count() == 0
        await assert_accessible(desk.page)
        await dialogue(desk.page).get_by_role("button", name="Спершу зберегти роботу").click()
        await expect(dialogue(desk.page)).to_be_hidden()
        await desk.page.fill("#last_name", TYPED)
        await desk.page.wait_for_timeout(1500)
        await expect(dialogue(desk.page)).to_be_hidden()  # once told is enough
        await desk.page.reload()
        await dialogue(desk.page).get_by_role("button", name="Увійти знову").click()
        await desk.page.wait_for_url("**/sign-in?next=%2Fform")
        await desk.page.fill("#password", "right")
        await desk.page.click("text=Увійти")
        await desk.page.wait_for_url("**/form")
        assert await desk.page.input_value("#last_name") == TYPED
        await assert_accessible(desk.page)

    async def test_after_a_sleep_over_the_end_then_the_page_opens_anew_with_the_text(self, desk):
        await opens_the_form(desk)
        await desk.page.fill("#last_name", TYPED)
        async with desk.page.expect_navigation():
            await desk.page.clock.fast_forward("02:00:00")
        await expect(desk.page.get_by_text("Ми зберегли введене")).to_be_visible()
        assert await desk.page.input_value("#last_name") == TYPED

    async def test_screen_locked_in_another_tab_then_this_one_opens_anew(self, desk):
        await opens_the_form(desk)
        await desk.page.fill("#last_name", TYPED)
        async with desk.page.expect_navigation():
            await desk.page.evaluate(
                "const kept = JSON.parse(localStorage.getItem('esoz-session'));"
                "localStorage.setItem('esoz-session', JSON.stringify({ ...kept, locked: true }))"
            )
            await desk.page.clock.fast_forward(1000)
        assert await desk.page.input_value("#last_name") == TYPED


class TestAutosave:
    async def test_typed_then_saved_and_said_and_there_again_until_cleared(self, desk):
        await desk.open("/form")
        await desk.page.fill("#last_name", TYPED)
        await expect(desk.page.get_by_text("Чернетку збережено о")).to_be_visible()
        await assert_accessible(desk.page)
        await desk.open("/form")
        assert await desk.page.input_value("#last_name") == TYPED
        await assert_accessible(desk.page)
        await desk.page.get_by_role("button", name="Очистити введене").first.click()
        await desk.page.wait_for_url("**/form")
        await expect(desk.page.get_by_text("Ми зберегли введене")).to_be_hidden()
        assert await desk.page.input_value("#last_name") == ""
        assert desk.complaints == []

    async def test_signing_out_at_once_then_the_text_is_kept_first(self, desk):
        await desk.open("/form")
        await desk.page.fill("#last_name", TYPED)
        await desk.page.get_by_role("button", name="Вийти").click()
        await desk.page.wait_for_url("**/sign-in")
        await desk.sign_in()
        await desk.open("/form")
        assert await desk.page.input_value("#last_name") == TYPED

    async def test_without_the_network_then_said_and_saved_when_it_is_back(self, desk):
        await desk.page.clock.install()
        await desk.open("/form")
        await desk.page.context.set_offline(True)
        await desk.page.fill("#last_name", TYPED)
        await desk.page.clock.fast_forward(2500)
        await expect(desk.page.get_by_text("Чернетку не збережено")).to_be_visible()
        await desk.page.context.set_offline(False)
        await desk.page.clock.fast_forward(11_000)
        await expect(desk.page.get_by_text("Чернетку збережено о")).to_be_visible()


class TestTwoTabs:
    async def test_signed_out_in_one_then_the_other_leads_to_the_sign_in_and_keeps_its_text(self, desk, address):
        await desk.open("/form")
        await desk.page.fill("#last_name", TYPED)
        other = await desk.page.context.new_page()
        await other.goto(f"{address}/queue")
        await other.get_by_role("button", name="Вийти").click()
        await other.wait_for_url("**/sign-in")
        await desk.page.wait_for_url("**/sign-in?next=%2Fform")
        await desk.page.fill("#login", "doctor")
        await desk.page.fill("#password", "right")
        await desk.page.click("text=Увійти")
        await desk.page.wait_for_url("**/form")
        assert await desk.page.input_value("#last_name") == TYPED

    async def test_somebody_else_came_meanwhile_then_said_and_the_text_stays_in_sight(self, desk):
        await desk.open("/form")
        await desk.page.evaluate("document.querySelector('form[data-draft] [name=draft_user]').value = 'another'")
        await desk.page.context.clear_cookies()
        await desk.page.fill("#last_name", TYPED)
        await expect(desk.page.get_by_text("у цьому браузері вже працює хтось інший")).to_be_visible()
        assert await desk.page.input_value("#last_name") == TYPED
        await assert_accessible(desk.page)

    @pytest.mark.parametrize("status", [403, 500])
    async def test_refusal_of_a_part_then_no_page_is_pasted_into_the_page(self, desk, status):
        answer = "<h1>Форма застаріла</h1>"
        await desk.page.route("**/progress/state", lambda route: route.fulfill(status=status, body=answer))
        await desk.open("/progress")
        await desk.page.wait_for_timeout(3000)
        assert await desk.page.locator("h1").count() == 1

    async def test_work_whose_answer_was_lost_then_asked_again(self, desk):
        lost = []

        async def lose_the_first(route):
            await (route.continue_() if lost else route.fulfill(status=503))
            lost.append(route)

        await desk.page.clock.install()
        await desk.page.route("**/progress/state", lose_the_first)
        await desk.open("/progress")
        await desk.page.clock.run_for(2500)
        await desk.page.wait_for_timeout(500)
        await desk.page.clock.run_for(11_000)
        await expect(desk.page.locator("#progress")).to_contain_text("Надіслано 1 / 3")


class TestHeader:
    async def test_menu_then_opens_by_keyboard_and_closes_by_escape(self, desk):
        await desk.open("/queue")
        menu = desk.page.locator("[data-menu] > summary")
        await menu.focus()
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.get_by_role("link", name="Мої сеанси")).to_be_visible()
        await assert_accessible(desk.page)
        width = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
        await desk.page.keyboard.press("Escape")
        await expect(desk.page.get_by_role("link", name="Мої сеанси")).to_be_hidden()
        await expect(menu).to_be_focused()


async def _grows_old(database: Database) -> None:
    """Every session began so long ago that a minute and a half is left."""
    async with database.connection() as db:
        await db.execute(
            "update sessions set created_at = now() - interval '12 hours' + interval '90 seconds',"
            " expires_at = now() + interval '90 seconds' where user_id is not null"
        )
