"""Many wrong passwords from one address: each further try takes the browser a little work (AUTH-1)."""

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from esoz.central.identity.commands.captcha import BITS
from esoz.central.site import make_site
from esoz.kernel.clock import FixedClock
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies
from tests.central.answers import answered, refused
from tests.central.conftest import OneConnection
from tests.factories.world import Caller

from .conftest import BASE_URL, EMAIL, PASSWORD, Browser

TASK = re.compile(r'data-captcha="([^"]+)" data-bits="(\d+)"')
NEEDED = "З Вашої адреси було багато неправильних паролів."


def solved(page: str) -> str:
    """The token that a browser would find."""
    found = TASK.search(page)
    assert found is not None
    challenge, bits = found[1], int(found[2])
    number = 0
    while int.from_bytes(hashlib.sha256(f"{challenge}:{number}".encode()).digest()) >> (256 - bits):
        number += 1
    return f"{challenge}:{number}"


@pytest.fixture
async def browser(database: OneConnection, dependencies: Dependencies, clock: FixedClock) -> AsyncIterator[Browser]:
    settings = Settings({"ESOZ_CENTRAL_URL": BASE_URL, "ESOZ_CAPTCHA_FAILURES": "3"})
    site = make_site(database, replace(dependencies, settings=settings), clock, settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
        yield Browser(client)


async def guess(browser: Browser, times: int) -> httpx.Response:
    """Wrong passwords of as many users; the page that follows."""
    for number in range(times):
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=f"user{number}@clinic.example", password="неправильний")
    return await browser.get("/sign-in")


# AUTH-32, AUTH-34
class TestSignIn:
    async def test_task_is_shown_after_three_failures_and_not_before(self, browser: Browser) -> None:
        assert TASK.search((await guess(browser, 2)).text) is None
        assert TASK.search((await guess(browser, 1)).text) is not None

    async def test_right_password_without_the_work_is_not_even_looked_at(self, browser: Browser, worker_id) -> None:
        await guess(browser, 3)
        page = await browser.send("/sign-in", email=EMAIL, password=PASSWORD)
        assert page.status_code == 403 and NEEDED in page.text

    async def test_right_password_with_the_work_comes_in(self, browser: Browser, worker_id) -> None:
        page = await guess(browser, 3)
        response = await browser.send("/sign-in", email=EMAIL, password=PASSWORD, captcha=solved(page.text))
        assert response.headers["location"] == "/account"

    async def test_work_counts_once(self, browser: Browser) -> None:
        token = solved((await guess(browser, 3)).text)
        first = await browser.send("/sign-in", email=EMAIL, password="x", captcha=token)
        second = await browser.send("/sign-in", email=EMAIL, password="x", captcha=token)
        assert (NEEDED in first.text, NEEDED in second.text) == (False, True)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: token + "1",
            lambda token: "x" + token,
            lambda token: token.partition(":")[0],
            lambda _token: ":",
            lambda _token: "а.б.в:1",
            lambda _token: "a.b.c:1",
        ],
    )
    async def test_made_up_token_is_no_work(self, browser: Browser, worker_id, spoil) -> None:
        page = await guess(browser, 3)
        response = await browser.send("/sign-in", email=EMAIL, password=PASSWORD, captcha=spoil(solved(page.text)))
        assert NEEDED in response.text

    async def test_task_lives_ten_minutes_and_failures_are_forgotten_with_it(
        self, browser: Browser, worker_id, clock: FixedClock
    ) -> None:
        token = solved((await guess(browser, 3)).text)
        clock.forward(timedelta(minutes=10))
        assert TASK.search((await browser.get("/sign-in")).text) is None
        assert NEEDED in (await browser.send("/sign-in", email=EMAIL, password=PASSWORD, captcha=token)).text

    def test_work_is_worth_something(self) -> None:
        assert BITS >= 16


class TestAPI:
    """A MIS has one address for all its doctors: a token is looked at when it is sent, and never demanded."""

    async def ask(self, doctor: Caller, **token: str) -> httpx.Response:
        assert doctor.client is not None
        given = {"grant_type": "password", "client_id": str(doctor.client_id), "email": EMAIL, "password": PASSWORD}
        return await doctor.client.post("/auth/login", json={"token": given | token})

    async def test_wrong_token_is_refused_and_none_is_taken(self, doctor: Caller, worker_id) -> None:
        refused(await self.ask(doctor, captcha="a.b.c:1"), 401, "captcha_required", "Captcha is required")
        answered(await self.ask(doctor), 201)
