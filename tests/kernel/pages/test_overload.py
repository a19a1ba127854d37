"""Overload at a site of pages: who cannot be served in time gets a page that says when to come again."""

import httpx

from esoz.kernel.admission import Admission, Pace
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database

from .conftest import BASE_URL
from .example import site as example


async def test_overload_then_503_says_when_to_come_again(database: Database, clock: FixedClock) -> None:
    site = example.make(database, clock, BASE_URL)
    site.admission = Admission(1, pace=Pace(10.0))
    transport = httpx.ASGITransport(site)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
        async with site.admission.turn():
            answers = [await browser.get("/sign-in"), await browser.post("/sign-in", data={})]
        assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "11")] * 2
        assert "Дані не втрачено" in answers[0].text
        assert (await browser.get("/sign-in")).status_code == 200
