"""Pages of people in a real browser: accessible on a desk and on a phone, in both languages, and by keyboard alone."""

import asyncio
import socket
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import uvicorn
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright
from tools.browser import find

from esoz.kernel.settings import Settings
from esoz.mis.app import Mis
from tests.journeys.axe import assert_accessible
from tests.mis.conftest import NOW

from .conftest import FAMILY, Door, Hired, Office
from .test_inviting import Desk, filled, link_of
from .test_leaving import add_document

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@pytest.fixture
async def address(mis: Mis) -> AsyncIterator[str]:
    """The workplace on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = Mis(Settings({"ESOZ_MIS_URL": url, "ESOZ_SECRET": "a secret of the tests, long enough"}), mis.services)
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


class Clinic:
    """A clinic with something to show on every page: a leaver with documents, invitations in several states."""

    def __init__(self, desk: Desk, doctor: Hired, leaver: Hired, requests: dict[str, UUID], link: str) -> None:
        self.desk, self.doctor, self.leaver, self.requests, self.link = desk, doctor, leaver, requests, link

    @property
    def paths(self) -> list[str]:
        doctor, leaver, requests = self.doctor.employee_id, self.leaver.employee_id, self.requests
        return [
            "/staff",
            "/staff?name=nobody",
            f"/staff/{doctor}",
            f"/staff/{leaver}",
            f"/staff/{doctor}/dismiss",
            f"/staff/{doctor}/roles",
            f"/staff/{doctor}/change",
            "/staff/new",
            "/staff/new?role=DOCTOR",
            "/staff/new?role=HR",
            "/staff/requests",
            f"/staff/requests/{requests['ready']}",
            f"/staff/requests/{requests['ready']}/sign",
            f"/staff/requests/{requests['ready']}/discard",
            f"/staff/requests/{requests['sent']}",
            f"/staff/requests/{requests['refused']}",
            f"/staff/requests/{requests['refused']}/edit",
            f"/staff/requests/{requests['queued']}",
            "/organisation",
            "/organisation/divisions/new",
            f"/organisation/divisions/{FAMILY.division_id}/edit",
            f"/organisation/divisions/{FAMILY.division_id}/deactivate",
        ]


@pytest.fixture
async def clinic(office: Office, door: Door) -> Clinic:
    hr, doctor = await office.hire("HR"), await office.hire("DOCTOR", speciality="THERAPIST")
    leaver, newcomer = await office.hire("DOCTOR", speciality="THERAPIST"), await office.hire("HR", local=False)
    await add_document(office, leaver)
    await add_document(office, doctor)
    desk = Desk(office, hr, await door.enter(hr, wanted="/staff"))
    await office.dismiss(leaver)
    await office.follow()
    await desk.browser.get(f"/staff/{newcomer.employee_id}")
    await desk.browser.send(f"/staff/{newcomer.employee_id}/access", email=newcomer.email)
    link = await link_of(office.mis.services.database, newcomer.email, "welcome")
    requests = {"sent": await desk.invite(filled())}
    for state in ("ready", "queued", "refused"):
        await desk.browser.get("/staff/new", role="DOCTOR")
        await desk.browser.send("/staff/new", **filled())
        requests[state] = UUID(desk.browser.path.split("/")[3])
        async with office.mis.services.database.connection() as db:
            await db.execute(
                "update staff_requests set state = $2, next_at = $4, waits_for = 'central', refusal = $3 where id = $1",
                requests[state],
                state,
                REFUSAL if state == "refused" else None,
                NOW,
            )
    return Clinic(desk, doctor, leaver, requests, link)


REFUSAL = {
    "status": 422,
    "type": "validation_failed",
    "message": "Validation failed",
    "request_id": "r1",
    "faults": [
        ["$.employee_request.party.tax_id", "invalid", "invalid tax_id value"],
        ["$.employee_request.division_id", "invalid", "Division is not active"],
    ],
}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def page(request: pytest.FixtureRequest, chromium: Chromium, clinic: Clinic, address: str) -> AsyncIterator[Page]:
    """A page where the personnel officer is signed in."""
    context = await chromium.new_context(viewport=request.param, locale="uk-UA")
    token = next(cookie.value for cookie in clinic.desk.browser.client.cookies.jar if cookie.name.endswith("esoz_mis"))
    await context.add_cookies([{"name": "esoz_mis", "value": token or "", "url": address}])
    yield await context.new_page()
    await context.close()


async def test_every_page_then_accessible(page: Page, address: str, clinic: Clinic) -> None:
    for path in clinic.paths:
        answer = await page.goto(f"{address}{path}")
        assert answer is not None and answer.status == 200, path
        await assert_accessible(page)
    await page.goto(f"{address}/staff?lang=en")
    await assert_accessible(page)


async def test_faults_of_the_form_then_accessible_and_the_first_link_leads_to_its_field(
    page: Page, address: str
) -> None:
    await page.goto(f"{address}/staff/new?role=DOCTOR")
    await page.get_by_role("button", name="Перевірити й підписати").last.press("Enter")
    await page.wait_for_selector(".govuk-error-summary")
    await assert_accessible(page)
    await page.locator(".govuk-error-summary a").first.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "last_name"


async def test_link_of_the_mail_then_a_page_for_the_password_and_a_spent_one_says_what_to_do(
    page: Page, address: str, clinic: Clinic
) -> None:
    for path in (f"/welcome/{clinic.link}", "/welcome/over"):
        await page.goto(f"{address}{path}")
        await assert_accessible(page)


async def test_dismissal_then_done_by_keyboard_alone(page: Page, address: str, clinic: Clinic) -> None:
    await page.goto(f"{address}/staff/{clinic.doctor.employee_id}/dismiss")
    await page.locator("input[name=reason]").first.focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/staff/{clinic.doctor.employee_id}")
    assert "Доступ до робочого місця завершено" in await page.inner_text("main")
    await assert_accessible(page)
