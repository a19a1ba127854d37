"""Pages while something is away: what was typed comes back with the page that says so, and can be sent again."""

import re
from html import unescape

import asyncpg
import httpx
import pytest

from esoz.kernel.admission import Admission, Pace
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.pages import Form
from esoz.kernel.pages.again import MOST_BYTES, unsent

from .conftest import BASE_URL
from .example import site as example

TYPED = {"name": "Ім’я <b>&\"'", "note": "перший рядок\nдругий", "csrf": "x", "form_token": "once"}


class _Away:
    """A pool whose server ends, in one of its ways."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def acquire(self, timeout: float) -> None:
        raise self._fault


def carried(html: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return {unescape(name): unescape(value) for name, value in pairs}


@pytest.mark.parametrize(
    "fault", [OSError("no server"), asyncpg.InterfaceError("closed"), asyncpg.CrashShutdownError("crash")]
)
async def test_own_database_away_then_the_page_carries_the_form(clock: FixedClock, fault: Exception) -> None:
    away = Database("postgresql://nowhere")
    away._pool = _Away(fault)
    transport = httpx.ASGITransport(example.make(away, clock, BASE_URL))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
        answer = await browser.post("/form?of=7", data=TYPED, headers={"origin": BASE_URL})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert carried(answer.text) == TYPED
    assert 'action="/form?of=7"' in answer.text
    assert "Надіслати ще раз" in answer.text


async def test_overload_then_the_page_carries_the_form(database: Database, clock: FixedClock) -> None:
    site = example.make(database, clock, BASE_URL)
    site.admission = Admission(1, pace=Pace(10.0))
    transport = httpx.ASGITransport(site)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser, site.admission.turn():
        answer = await browser.post("/form", data=TYPED, headers={"origin": BASE_URL})
    assert carried(answer.text) == TYPED


class _Asked:
    """What `unsent` looks at of a request."""

    def __init__(self, method: str = "POST", **headers: str) -> None:
        self.method, self.headers = method, {name.replace("_", "-"): value for name, value in headers.items()}
        self.url = httpx.URL(f"{BASE_URL}/form")


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (_Asked("GET"), Form()),
        (_Asked(), None),
        (_Asked(), Form({"current_password": ["x"]})),
        (_Asked(), Form({"otp": ["123456"]})),
        (_Asked(), Form({"note": ["x" * MOST_BYTES]})),
        (_Asked(hx_request="true"), Form({"note": ["x"]})),
    ],
    ids=["a read", "no form yet", "a password", "a code of sign-in", "too large", "a fragment"],
)
def test_what_is_secret_or_not_whole_then_not_carried(asked, form) -> None:
    assert unsent(asked, form) is None
