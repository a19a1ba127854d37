"""Central's pages in a real browser, first on a phone: accessible, within the policy, usable with a keyboard."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import uvicorn
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright
from tools.browser import find

from esoz.central import identity, medications, mis_register, price_catalogue
from esoz.central.dictionaries import dictionaries
from esoz.central.site import make_site
from esoz.kernel import rechecks
from esoz.kernel.settings import Settings
from esoz.kernel.work import Signer, Work
from esoz.sandbox.prices import invented
from esoz.spec import drugs
from tests.central.answers import answered
from tests.central.mis_register.test_register import GIVEN, tested
from tests.central.workforce.test_requests import EMAIL as INVITED
from tests.central.workforce.test_requests import PATH, body, told
from tests.factories.declarations import Declaring
from tests.factories.people import make_adult
from tests.factories.registries import last_mail
from tests.journeys.axe import assert_accessible

from .conftest import EMAIL, PASSWORD, PHONE, last_code

pytestmark = pytest.mark.journey

SMALL, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}


@asynccontextmanager
async def served(database, dependencies, clock) -> AsyncIterator[str]:
    """The pages on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    site = make_site(database, dependencies, clock, Settings({"ESOZ_CENTRAL_URL": url}))
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield url
    server.should_exit = True
    await running


@pytest.fixture
async def address(database, dependencies, clock) -> AsyncIterator[str]:
    async with served(database, dependencies, clock) as url:
        yield url


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture(params=[SMALL, DESK], ids=["phone", "desk"])
async def window(request, chromium: Chromium, address: str) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport=request.param, locale="uk-UA", base_url=address)
    page = await context.new_page()
    page.complaints = []
    page.on("console", lambda each: page.complaints.append(each.text) if each.type == "error" else None)
    yield page
    await context.close()


async def come_in(window: Page, db, path: str, email: str) -> None:
    await window.goto(path)
    await window.fill("#email", email)
    await window.fill("#password", PASSWORD)
    await window.press("#password", "Enter")
    await window.wait_for_selector("#code")
    await window.fill("#code", await last_code(db))
    await window.press("#code", "Enter")
    await window.wait_for_selector("text=Вийти")


async def priced(work: Work) -> str:
    """The page of a medicine that has prices."""
    rows = [row for row in drugs.common() if row.inn_ua == "амлодипін"]
    await medications.import_drugs(work, rows)
    await price_catalogue.import_prices(work, invented(rows))
    return f"/prices/{await work.db.fetchval('select min(id::text) from innm_dosages')}"


class TestLook:
    async def test_coming_in_then_every_step_is_accessible(self, window, asked, worker_id, work, db):
        for path in (f"/sign-in?{asked}", f"/sign-in/key?{asked}", "/sign-in", "/password/forgotten", "/?lang=en"):
            await window.goto(path)
            await assert_accessible(window)
        await window.goto(f"/sign-in?{asked}&lang=uk")
        await window.fill("#email", EMAIL)
        await window.fill("#password", "неправильний")
        await window.press("#password", "Enter")
        await window.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(window)
        await identity.require_factor(work, worker_id, phone=PHONE)
        await come_in(window, db, f"/sign-in?{asked}", EMAIL)
        await window.wait_for_selector("text=Дозволити роботу від Вашого імені?")
        await assert_accessible(window)
        for path in ("/account", "/password?next=/account", "/account/phone"):
            await window.goto(path)
            await assert_accessible(window)
        assert [each for each in window.complaints if "403" not in each] == []

    async def test_invitation_then_accessible_in_every_state(self, window, world, work, db, clock):
        await dictionaries.load(db)
        answered(await world.owner.post(PATH, body(world.owner.sign(told(world.owner)))))
        link = "/invitations/" + (await last_mail(db, INVITED)).split("/invitations/", 1)[1].split()[0]
        for path in (link, f"{link}?lang=en", "/invitations/nonsense"):
            await window.goto(path)
            await assert_accessible(window)
        await window.goto(f"{link}?lang=uk")
        await window.fill("#password", "коротко")
        await window.press("#password", "Enter")
        await window.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(window)
        await identity.create_user(work, email=INVITED, password=PASSWORD)
        await window.goto(link)
        await assert_accessible(window)
        await window.click("text=Увійти")
        await window.fill("#email", INVITED)
        await window.fill("#password", PASSWORD)
        await window.press("#password", "Enter")
        await window.click("text=Прийняти запрошення")
        await window.wait_for_selector("text=Запрошення прийнято")
        await assert_accessible(window)

    async def test_password_is_reset_by_the_link_of_a_mail(self, window, worker_id, db):
        """A browser's own headers are part of the form: a page without a referrer could not be sent."""
        await window.goto("/password/forgotten")
        await window.fill("#email", EMAIL)
        await window.press("#email", "Enter")
        await window.wait_for_selector("text=Якщо така адреса є в ЕСОЗ")
        await window.goto("/password/reset?token=" + (await last_mail(db, EMAIL)).split("token=", 1)[1].split()[0])
        await assert_accessible(window)
        await window.fill("#new", "Зовсім-Інший-Пароль-2")
        await window.press("#new", "Enter")
        await window.wait_for_selector("text=Новий пароль задано")

    async def test_public_pages_then_accessible(self, window, work):
        await mis_register.connect(work, await tested(work))
        prices = await priced(work)
        paths = (
            "/",
            "/mis-register",
            "/mis-register/apply",
            "/information",
            "/statistics",
            "/war-territories",
            "/paper-prescription",
            "/prices",
        )
        for path in (*paths, prices):
            await window.goto(path)
            await assert_accessible(window)
        await window.goto("/mis-register/apply")
        await window.click("text=Подати заявку")
        await window.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(window)

    async def test_administration_then_accessible(self, window, world, work, db):
        signer = Signer("2222222222", None, "Кобилянська", "Ольга", False, "5e98", None, "Надавач")
        await rechecks.note(work, b"a document", "0" * 64, signer)
        await identity.create_administrator(work, email="chief@central.example", password=PASSWORD, phone=PHONE)
        entry = await mis_register.apply(work, GIVEN)
        await mis_register.begin_testing(work, entry.id)
        await come_in(window, db, "/sign-in?next=/administration", "chief@central.example")
        entry_of = await db.fetchval("select id from information limit 1")
        for path in (
            "/administration",
            f"/administration/mis/{entry.id}",
            "/administration/users?email=chief",
            "/administration/information",
            "/administration/information/new",
            f"/administration/information/{entry_of}",
            "/administration/signatures",
            f"/administration/signatures/{'0' * 64}",
            "/administration/black-list",
            "/administration/operators",
            "/administration/legal-entities?words=%D0%9A",
            f"/administration/legal-entities/{world.doctor.client_id}",
        ):
            await window.goto(path)
            await assert_accessible(window)

    async def test_contact_centre_then_accessible_and_usable_with_a_keyboard(self, window, world, work, db):
        person = await make_adult(work)
        declaring = Declaring(world.doctor, person, db)
        await declaring.declared()
        await declaring.create(employee_id=uuid4())
        await identity.create_official(
            work, identity.CONTACT_CENTRE, email="operator@central.example", password=PASSWORD, phone=PHONE
        )
        await come_in(window, db, "/sign-in?next=/contact-centre", "operator@central.example")
        await assert_accessible(window)
        await window.click("text=Знайти >> nth=-1")
        await window.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(window)
        await window.check("text=Людина зателефонувала")
        await window.fill("#note", "Не може вибрати лікаря")
        await window.fill("#tax_id", person.tax_id)
        await window.press("#tax_id", "Enter")
        await window.wait_for_selector("text=Employee does not exist", state="attached")
        await assert_accessible(window)
        await window.click("text=Точна відповідь ЕСОЗ")
        await assert_accessible(window)
        assert await window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await window.fill("#comment", "Надішліть знімок паспорта")
        await window.click("text=Попросити >> nth=-1")
        await window.wait_for_selector("text=Людину попрошено показати документи")
        await window.goto("/contact-centre/papers")
        await assert_accessible(window)

    async def test_sign_in_then_the_keyboard_alone_is_enough(self, window, asked):
        await window.goto(f"/sign-in?{asked}")
        seen = []
        for _ in range(12):
            await window.keyboard.press("Tab")
            seen.append(await window.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        places = [seen.index(each) for each in ("email", "password", "Увійти", "Забули пароль?", "Увійти за КЕП")]
        assert places == sorted(places)
