"""The cabinet in a real browser, first on a phone: accessible, within the policy, no page wider than its window."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import uvicorn
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright
from tools.browser import find

from esoz.cabinet.app import Cabinet
from esoz.cabinet.doctors import commands
from tests.central.compositions.conftest import concluding
from tests.central.service_requests.conftest import referring
from tests.factories.prescriptions import sent_code
from tests.factories.world import World
from tests.journeys.axe import assert_accessible

from .conftest import more_like

__all__ = ["concluding", "referring"]

pytestmark = pytest.mark.journey

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}


@pytest.fixture
async def address(cabinet: Cabinet) -> AsyncIterator[str]:
    """The cabinet on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(cabinet, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
async def window(request: pytest.FixtureRequest, chromium: Chromium, address: str) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport=request.param, locale="uk-UA", base_url=address)
    page = await context.new_page()
    page.complaints = []
    page.on("console", lambda each: page.complaints.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    yield page
    await context.close()


async def sign_in(window: Page, world: World) -> None:
    """With a file signed elsewhere: so the story does not lean on the browser's clock."""
    await window.goto("/sign-in")
    content = await window.get_attribute("[data-kep-content]", "value")
    document = base64.b64decode(world.patient.sign(base64.b64decode(content or "")))
    await window.click("text=Підписати в іншому застосунку")
    file = {"name": "vhid.json.p7s", "mimeType": "application/pkcs7-mime", "buffer": document}
    await window.set_input_files("#signed_file", [file])
    await window.click("text=Надіслати підписане")
    await window.wait_for_selector("text=Вітаємо, Тетяна!")


class TestLook:
    async def test_every_page_then_accessible_and_without_a_complaint_of_the_browser(
        self, window, world, prescribing, dispensing, db, cabinet
    ):
        made = await prescribing.prescribe()
        await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
        await more_like(db, made["id"], 11)
        declaration = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await commands.refresh(cabinet.services)
        for path in ("/sign-in", "/status"):
            await window.goto(path)
            await assert_accessible(window)
        await sign_in(window, world)
        await assert_accessible(window)
        await window.goto("/readings")
        complaint = await window.get_attribute("text=Підозріло?", "href")
        paths = (
            "/prescriptions",
            "/prescriptions?page=2",
            f"/prescriptions/{made['id']}",
            "/prescriptions/together",
            "/prescriptions/together?show=1",
            f"/prescriptions/together?rx={made['id']}",
            f"/shares/new?rx={made['id']}",
            "/shares",
            "/referrals",
            "/plans",
            "/referrals?words=%D1%8F",
            "/conclusions",
            "/readings?own=yes",
            "/readings/complaint",
            "/readings/complaints",
            "/readings?from=2026-02-30",
            complaint,
            "/declarations",
            f"/declarations/{declaration}",
            f"/declarations/{declaration}/text",
            f"/declarations/{declaration}/end",
            "/doctors",
            "/doctors?settlement_text=Полтава&around=30",
            "/doctors?settlement_text=Атлантида",
            f"/doctors/{world.foreign_doctor.employee_id}",
            "/accesses",
            "/family",
            "/own-data",
            "/person",
            "/record",
            "/record/visits",
            f"/record/visits/{prescribing.encounter_id}",
            "/record/measurements",
            "/person/change/name",
            "/person/change/document",
            "/person/change/address",
            "/person/change/contacts",
            "/person/changes",
            "/person/papers",
            "/person/methods",
            "/person/methods/new",
            "/?lang=en",
        )
        for path in paths:
            await window.goto(path)
            await assert_accessible(window)
        assert [each for each in window.complaints if "422" not in each] == []

    async def test_qr_then_it_is_drawn(self, window, world, prescribing):
        made = await prescribing.prescribe()
        await sign_in(window, world)
        await window.goto(f"/prescriptions/{made['id']}")
        image = window.locator("img")
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100

    async def test_referral_then_accessible_and_its_codes_are_drawn(self, window, world, referring):
        made = await referring.written()
        await sign_in(window, world)
        for path in ("/referrals", f"/referrals/{made['id']}"):
            await window.goto(path)
            await assert_accessible(window)
        for image in await window.locator("img").all():
            assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        assert await window.locator("img").count() == 2 and window.complaints == []

    async def test_conclusion_then_accessible_and_its_code_is_drawn(self, window, world, concluding):
        made = await concluding.written()
        await sign_in(window, world)
        for path in ("/conclusions", f"/conclusions/{made['id']}"):
            await window.goto(path)
            await assert_accessible(window)
        image = window.locator("img")
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        assert window.complaints == []

    async def test_refused_then_focus_is_on_the_explanation(self, window, world, clock):
        await window.goto("/sign-in")
        content = await window.get_attribute("[data-kep-content]", "value")
        document = base64.b64decode(world.patient.sign(base64.b64decode(content)))
        clock.forward(timedelta(minutes=16))
        await window.click("text=Підписати в іншому застосунку")
        await window.set_input_files("#signed_file", [{"name": "a.p7s", "mimeType": "x/y", "buffer": document}])
        await window.click("text=Надіслати підписане")
        await window.wait_for_selector(".govuk-error-summary:focus")
        await assert_accessible(window)

    async def test_not_found_and_central_away_then_accessible(self, window, world, road):
        await sign_in(window, world)
        await window.goto("/prescriptions/00000000-0000-0000-0000-000000000000")
        await assert_accessible(window)
        road.is_cut = True
        await window.goto("/prescriptions")
        await assert_accessible(window)
