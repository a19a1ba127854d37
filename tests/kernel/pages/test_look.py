"""The components in a real browser: accessible, within the policy, and working with and without scripts."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from tools.browser import find

from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from tests.journeys.axe import assert_accessible

from .example import site as example

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
PATHS = ("/queue", "/form", "/sign", "/progress", "/delete", "/parts", "/queue?lang=en")


@pytest.fixture(scope="module")
async def address(database: Database) -> AsyncIterator[str]:
    """The example site on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    site = example.make(database, SystemClock(), url)
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield url
    server.should_exit = True
    await running


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


class Desk:
    """One window, with everything that the browser complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.complaints = page, address, []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.address}{path}")

    async def sign_in(self) -> None:
        await self.open("/sign-in")
        await self.page.fill("#login", "doctor")
        await self.page.fill("#password", "right")
        await self.page.click("text=Увійти")
        await self.page.wait_for_url("**/queue")

    async def rows(self, database: Database) -> int:
        async with database.connection() as db:
            return await db.fetchval("select count(*) from records")


@pytest.fixture(autouse=True)
async def nothing_typed(database: Database) -> None:
    """Forms open empty: what an earlier test typed is forgotten."""
    async with database.connection() as db:
        await db.execute("delete from drafts")


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def desk(request: pytest.FixtureRequest, browser: Browser, address: str) -> AsyncIterator[Desk]:
    context = await browser.new_context(viewport=request.param, locale="uk-UA")
    yield Desk(await context.new_page(), address)
    await context.close()


@pytest.fixture
async def plain(browser: Browser, address: str) -> AsyncIterator[Desk]:
    """A browser that runs no scripts."""
    context = await browser.new_context(viewport=PHONE, locale="uk-UA", java_script_enabled=False)
    yield Desk(await context.new_page(), address)
    await context.close()


class TestLook:
    async def test_on_paper_then_no_addresses_behind_links_and_no_buttons(self, desk):
        await desk.sign_in()
        await desk.open("/queue")
        await desk.page.emulate_media(media="print")
        behind = await desk.page.eval_on_selector_all(
            "a", "links => links.map(link => getComputedStyle(link, '::after').content)"
        )
        assert set(behind) <= {"none", "normal"} and behind
        assert await desk.page.locator("main .govuk-button:visible").count() == 0

    async def test_every_page_then_accessible_and_without_a_complaint_of_the_browser(self, desk):
        await desk.open("/sign-in")
        await assert_accessible(desk.page)
        await desk.sign_in()
        for path in PATHS:
            await desk.open(path)
            await assert_accessible(desk.page)
        assert desk.complaints == []

    async def test_refusals_then_accessible(self, desk):
        for path in ("/nowhere", "/crash"):
            await desk.open(path)
            await assert_accessible(desk.page)

    async def test_a_form_with_faults_then_focus_is_on_their_summary(self, desk):
        await desk.sign_in()
        await desk.open("/form")
        await desk.page.click("text=Зберегти")
        await desk.page.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(desk.page)
        await desk.page.click(".govuk-error-summary a")
        assert await desk.page.evaluate("document.activeElement.id") == "last_name"

    async def test_the_page_then_it_is_set_in_our_own_typeface(self, desk):
        await desk.open("/sign-in")
        loaded = await desk.page.evaluate(
            "document.fonts.load('16px Inter', 'Ґїʼ₴A').then(faces => faces.map(face => face.status))"
        )
        assert loaded == ["loaded"] * 3  # latin, cyrillic, cyrillic-ext
        family = await desk.page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
        assert family.startswith("Inter")

    async def test_menu_on_a_phone_then_it_opens_by_its_button(self, browser, address):
        context = await browser.new_context(viewport=PHONE, locale="uk-UA")
        desk = Desk(await context.new_page(), address)
        await desk.sign_in()
        link = desk.page.get_by_role("link", name="Рецепти")
        assert not await link.is_visible()
        await desk.page.get_by_role("button", name="Меню").click()
        assert await link.is_visible()
        await assert_accessible(desk.page)
        await context.close()


class TestPicker:
    """Every code of a long list is chosen by this one part of the kit."""

    @pytest.fixture
    async def form(self, desk):
        await desk.sign_in()
        await desk.open("/form")
        return desk.page

    async def kept(self, page, words: str, code: str) -> None:
        """Open the form as a draft fills it."""
        await page.evaluate(
            """async ([words, code]) => {
                const form = new FormData(document.querySelector("form[data-draft]"));
                form.set("code", code); form.set("code_text", words);
                form.append("draft_key", form.get("form_token")); form.delete("form_token"); form.delete("scan");
                await fetch("/drafts", { method: "POST", body: new URLSearchParams(form) });
            }""",
            [words, code],
        )
        await page.reload()
        assert await page.input_value("#code") == words

    def code(self, page):
        return page.input_value("input[name=code]")

    async def test_typing_then_finds_and_choosing_fills_the_code(self, desk, form):
        await desk.page.fill("#code", "каш")
        await desk.page.wait_for_selector("text=Шукаємо…")
        await desk.page.get_by_role("option", name="R05 Кашель").click()
        assert await desk.page.input_value("#code") == "R05 Кашель"
        assert await desk.page.input_value("input[name=code]") == "R05"
        await assert_accessible(desk.page)
        await desk.page.fill("#code", "кашель сухий")
        assert await desk.page.input_value("input[name=code]") == ""
        assert desk.complaints == []

    async def test_draft_with_a_code_then_keys_leave_it_as_it_was_chosen(self, desk, form):
        await self.kept(form, "R05 Кашель", "R05")
        await form.focus("#code")
        await form.get_by_role("option", name="R05 Кашель").wait_for()
        for key in ("ArrowDown", "Enter", "Tab"):
            await form.keyboard.press(key)
        await form.focus("#code")
        await form.keyboard.press("ArrowDown")
        assert (await form.input_value("#code"), await self.code(form)) == ("R05 Кашель", "R05")
        assert desk.complaints == []

    async def test_draft_with_words_alone_then_focus_looks_for_them_and_enter_chooses(self, desk, form):
        await self.kept(form, "каш", "")
        await form.focus("#code")
        await form.get_by_role("option", name="R05 Кашель").wait_for()
        await form.keyboard.press("ArrowDown")
        await form.keyboard.press("Enter")
        assert (await form.input_value("#code"), await self.code(form)) == ("R05 Кашель", "R05")
        assert desk.complaints == []

    async def test_draft_with_another_code_wanted_then_typing_over_it_chooses(self, desk, form):
        await self.kept(form, "R05 Кашель", "R05")
        await form.focus("#code")
        await form.keyboard.type("дихання")
        assert await self.code(form) == ""
        await form.get_by_role("option", name="R06 Порушення дихання").wait_for()
        await form.keyboard.press("ArrowDown")
        await form.keyboard.press("Enter")
        assert (await form.input_value("#code"), await self.code(form)) == ("R06 Порушення дихання", "R06")
        await form.keyboard.press("Tab")
        await form.focus("#code")
        await form.wait_for_timeout(400)
        await form.keyboard.press("ArrowDown")
        assert await self.code(form) == "R06"
        assert desk.complaints == []

    async def test_words_changed_and_typed_back_then_the_code_is_there_again(self, form):
        await self.kept(form, "R05 Кашель", "R05")
        await form.focus("#code")
        await form.keyboard.press("End")
        await form.keyboard.type("ь")
        assert await self.code(form) == ""
        await form.keyboard.press("Backspace")
        assert await self.code(form) == "R05"

    async def test_words_put_in_without_a_key_then_the_code_goes(self, form):
        await self.kept(form, "R05 Кашель", "R05")
        await form.evaluate("document.querySelector('#code').value = 'нежить'")  # dictation does so
        await form.wait_for_timeout(400)
        assert await self.code(form) == ""

    async def test_field_left_before_the_answer_then_no_list_covers_the_next_one(self, form):
        await form.focus("#code")
        await form.keyboard.type("каш")
        await form.keyboard.press("Tab")
        await form.wait_for_timeout(500)
        assert not await form.locator(".autocomplete__option").is_visible()


class TestScripts:
    async def test_progress_then_it_moves_by_itself_to_the_result(self, desk):
        await desk.sign_in()
        await desk.open("/progress")
        await desk.page.wait_for_selector("#progress >> text=Надіслано 1 / 3")
        await assert_accessible(desk.page)
        await desk.page.wait_for_selector("#progress >> text=Усе надіслано.")
        assert desk.complaints == []

    async def test_double_click_on_save_then_sent_once(self, desk, database):
        await desk.sign_in()
        await desk.open("/form")
        before = await desk.rows(database)
        await desk.page.fill("#last_name", "Франко")
        sent = []
        desk.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        await desk.page.evaluate(
            "const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit()"
        )
        await desk.page.wait_for_selector("text=Запис збережено")
        assert len(sent) == 1
        assert await desk.rows(database) == before + 1

    async def test_signing_without_a_key_then_says_so_and_sends_nothing(self, desk):
        await desk.sign_in()
        await desk.open("/sign")
        await desk.page.get_by_role("button", name="Підписати", exact=True).click()
        await desk.page.wait_for_selector("[data-kep-error]:focus")
        await assert_accessible(desk.page)
        assert desk.page.url.endswith("/sign")

    async def test_signing_with_a_file_that_is_no_key_then_the_worker_runs_under_our_policy_and_says_so(self, desk):
        await desk.sign_in()
        await desk.open("/sign")
        key = {"name": "Key-6.dat", "mimeType": "application/octet-stream", "buffer": b"nothing like a key"}
        await desk.page.set_input_files("#kep-file", [key])
        await desk.page.fill("#kep-password", "password")
        await desk.page.get_by_role("button", name="Підписати", exact=True).click()
        await desk.page.wait_for_selector("[data-kep-error]:focus")
        assert await desk.page.get_attribute("#kep-file", "aria-invalid") == "true"
        assert desk.complaints == []

    async def test_session_near_its_end_then_a_dialogue_offers_to_go_on(self, desk):
        await desk.sign_in()
        await desk.page.clock.install()
        await desk.open("/form")
        await desk.page.fill("#last_name", "Франко")
        await desk.page.clock.fast_forward("00:03")
        await desk.page.get_by_text("Чернетку збережено о").wait_for()  # keeping the draft renews the session
        await desk.page.clock.fast_forward("58:01")
        dialogue = desk.page.get_by_role("dialog", name="Сеанс скоро завершиться")
        await dialogue.wait_for()
        async with desk.page.expect_response("**/session/continue") as answer:
            await dialogue.get_by_role("button", name="Продовжити").click()
        assert (await (await answer.value).json())["idle"] > 3500
        assert await desk.page.input_value("#last_name") == "Франко"
        assert not await dialogue.is_visible()


class TestWithoutScripts:
    async def test_whole_story_then_find_save_and_sign_out_work(self, plain, database):
        before = await plain.rows(database)
        await plain.sign_in()
        await plain.open("/form")
        await plain.page.fill("#last_name", "Франко")
        await plain.page.fill("#code", "каш")
        await plain.page.click("button:has-text('Знайти')")
        await plain.page.get_by_label("R05 Кашель").check()
        await plain.page.click("text=Зберегти")
        await plain.page.wait_for_selector("text=Запис збережено")
        assert await plain.rows(database) == before + 1
        await plain.page.click("text=Вийти")
        await plain.page.wait_for_url("**/sign-in")

    async def test_progress_then_a_link_refreshes_it(self, plain):
        await plain.sign_in()
        await plain.open("/progress")
        await plain.page.click("text=Оновити")
        assert await plain.page.is_visible("text=Надіслано 0 / 3")

    async def test_signing_then_a_file_signed_elsewhere_can_be_sent(self, plain):
        await plain.sign_in()
        await plain.open("/sign")
        await plain.page.click("main summary")
        async with plain.page.expect_download() as download:
            await plain.page.click("text=Завантажити документ")
        assert (await download.value).suggested_filename == "declaration.json"
        signed = {"name": "declaration.json.p7s", "mimeType": "application/pkcs7-mime", "buffer": b"0\x80signed"}
        await plain.page.set_input_files("#signed_file", [signed])
        await plain.page.click("text=Надіслати підписане")
        await plain.page.wait_for_url("**/queue")
