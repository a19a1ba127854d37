"""Pages of keys, of help and of the state in a real browser: accessible on a desk and on a phone, within the policy."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect
from tools.browser import find

from esoz.kernel.settings import Settings
from esoz.mis.app import Mis
from esoz.mis.base.register import RegisterEntry
from esoz.mis.help.banners.commands import announcements as door
from esoz.mis.help.banners.commands import operator
from esoz.mis.help.status import queries
from esoz.signature import Authority, write_jks
from tests.central.conftest import NOW
from tests.factories.keys import Keys
from tests.factories.world import World
from tests.journeys.axe import assert_accessible

from .conftest import PASSWORD, email_of

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
OUTSIDE = ("/sign-in", "/help", "/help/clear", "/status", "/help?lang=en")
INSIDE = ("/account/key", "/account/key?lang=en", "/help/clear?lang=uk", "/staff/banner", "/status")


@pytest.fixture
async def address(mis: Mis, authority: Authority, head: UUID) -> AsyncIterator[str]:
    """The workplace on a free port, with a verifier that asks about revocation, and a banner."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with mis.services.database.transaction() as db:
        wanted = operator.BannerRequest(
            "Сьогодні о 22:00 планові роботи: рецепти не виписуватимуться 15 хвилин.", "warning"
        )
        await operator.publish(db, wanted, NOW)
        await operator.publish(db, operator.BannerRequest("ЕСОЗ відповідає повільно. Записи зберігаються."), NOW)
    app = Mis(
        Settings({"ESOZ_MIS_URL": url, "ESOZ_SECRET": "a secret of the tests, long enough"}),
        replace(mis.services, verifier=Keys(authority, NOW).verifier()),
    )
    await door.refresh(app.services)
    await queries.note(app.services)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield url
    server.should_exit = True
    await running


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield found
        await found.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def page(request: pytest.FixtureRequest, chromium: Chromium) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport=request.param, locale="uk-UA")
    yield await context.new_page()
    await context.close()


async def sign_in(page: Page, address: str, role: str) -> None:
    """By password; central, where the road goes on, is not there and not needed here."""
    await page.goto(f"{address}/sign-in")
    await page.fill("#email", email_of(role))
    await page.fill("#password", PASSWORD)
    await page.route("https://**", lambda route: route.abort())
    await page.locator("form button[type=submit]").first.click(no_wait_after=True)
    await asyncio.sleep(1.0)


async def test_before_sign_in_then_accessible(page: Page, address: str) -> None:
    for path in OUTSIDE:
        await page.goto(f"{address}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        await assert_accessible(page)
    await expect(page.locator("[data-outdated-browser]")).to_be_hidden()


async def test_old_browser_then_told(page: Page, address: str) -> None:
    await page.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    await page.goto(f"{address}/sign-in")
    await expect(page.get_by_text("Ваш браузер застарів")).to_be_visible()
    await assert_accessible(page)


async def test_register_says_that_it_must_be_updated_then_told_on_a_desk_and_a_phone(
    mis: Mis, page: Page, address: str
) -> None:
    entry = RegisterEntry(
        "CONNECTED", "99.1", "99.0", date(2026, 11, 1), "+380 44 123-45-67", "help@mis.example", "щодня 8–20", ""
    )
    mis.services.register.put(entry, NOW)
    await sign_in(page, address, "OWNER")
    for path, words in (
        ("/?lang=uk", "Цю МІС треба оновити"),
        ("/?lang=en", "This system must be updated"),
        ("/status", "Must be updated"),
        ("/status?lang=uk", "Треба оновити"),
        ("/help", "+380 44 123-45-67"),
    ):
        await page.goto(f"{address}{path}")
        await expect(page.get_by_text(words).first).to_be_visible()
        await assert_accessible(page)


async def test_key_file_in_the_browser_then_only_its_certificate_is_sent(
    page: Page, address: str, authority: Authority, connected: World, tmp_path: Path
) -> None:
    # The signer goes by the clock of this machine, so the key is good for long.
    own = Keys(authority, NOW).person(connected.owner.tax_id, begins=-300, ends=3000)
    file = tmp_path / "key.jks"
    file.write_bytes(write_jks(own.key, own.chain, PASSWORD))
    await sign_in(page, address, "OWNER")
    await page.goto(f"{address}/account/key?lang=uk")
    await assert_accessible(page)
    await page.get_by_text("Узяти сертифікат із файлу ключа").click()
    await page.get_by_label("Файл ключа").set_input_files(file)
    await page.get_by_label("Пароль ключа").fill(PASSWORD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    await page.get_by_role("button", name="Узяти сертифікат").click()
    await expect(page.get_by_text("Сертифікат зареєстровано")).to_be_visible()
    await expect(page.get_by_text("збігається з Вашим")).to_be_visible()
    posted = next(text for text in sent if text)
    assert {each.partition("=")[0] for each in posted.split("&")} <= {"csrf", "form_token", "taken", "replaces"}
    for path in INSIDE:
        await page.goto(f"{address}{path}")
        await page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        await assert_accessible(page)
