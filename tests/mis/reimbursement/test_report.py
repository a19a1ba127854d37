"""Reimbursement for heads: a period on the screen, as a file, on paper; odd periods are told at their fields."""

from datetime import date
from typing import Any

import httpx
import pytest

from esoz.mis.clinic.reimbursement.model import Asked, read
from tests.mis.conftest import Browser, Wire
from tests.mis.staff.conftest import PHARMACY, Door, Office

HOME = "/reimbursement"
TODAY = date(2026, 11, 30)


def line(**changes: Any) -> dict[str, Any]:
    sums = {"dispenses": 2, "taken_back": 1, "medication_qty": 30, "sell_amount": 375.1, "discount_amount": 187.55}
    return {**sums, "patient_amount": 187.55} | changes


@pytest.fixture
async def head(office: Office, door: Door) -> Browser:
    """The head of a pharmacy."""
    return await door.enter(await office.hire("PHARMACY_OWNER", at=PHARMACY), wanted=HOME)


@pytest.fixture
def summed(wire: Wire) -> Wire:
    """Central tells sums of two days."""
    lines = [line(key="2026-11-01", name="2026-11-01"), line(key="2026-11-02", name="=1+1")]
    data = {"lines": lines, "total": line(dispenses=4, sell_amount=750.2)}
    wire.answers[f"GET /api{HOME}_report_sums"] = httpx.Response(200, json={"meta": {"code": 200}, "data": data})
    return wire


class TestReport:
    async def test_before_anything_was_handed_over_then_it_says_so(self, head: Browser) -> None:
        assert head.page.status_code == 200 and "таких відпусків немає" in head.text

    async def test_of_a_period_then_sums_and_links_to_the_same_as_file_and_on_paper(
        self, head: Browser, summed: Wire
    ) -> None:
        await head.get(HOME, **{"from": "2026-11-01", "to": "2026-11-02", "by": "day"})
        assert "01.11.2026" in head.text and "750,20" in head.text and "187,55" in head.text
        asked = summed.seen[-1].url.params
        assert (asked["date_from_dispense"], asked["date_to_dispense"], asked["by"]) == (
            "2026-11-01",
            "2026-11-02",
            "day",
        )
        assert "/reimbursement.pdf?from=2026-11-01&amp;to=2026-11-02&amp;by=day" in head.page.text

    async def test_as_file_then_a_row_each_and_the_total_and_nothing_calculates(
        self, head: Browser, summed: Wire
    ) -> None:
        page = await head.client.get(f"{HOME}.csv", params={"by": "programme"})
        rows = page.content.decode("utf-8-sig").splitlines()
        assert len(rows) == 4 and rows[0].startswith("Програма;") and rows[2].startswith("'=1+1;2;1;375,1;187,55")

    async def test_on_paper_then_pdf(self, head: Browser, summed: Wire) -> None:
        page = await head.client.get(f"{HOME}.pdf")
        assert page.headers["content-type"] == "application/pdf" and page.content.startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"from": "2026-02-30"}, "Введіть справжню дату"),
            ({"from": "2026-11-02", "to": "2026-11-01"}, "не раніше за перший"),
            ({"from": "2024-01-01", "to": "2026-11-01"}, "не більше року"),
            ({"by": "doctor"}, "Оберіть значення зі списку"),
        ],
    )
    async def test_odd_then_told_at_its_field_and_kept(self, head: Browser, query: dict[str, str], words: str) -> None:
        page = await head.get(HOME, **query)
        assert page.status_code == 422 and words in head.text
        assert all(value in page.text for name, value in query.items() if name != "by")
        again = await head.client.get(f"{HOME}.csv", params=query, follow_redirects=False)
        assert again.status_code == 303 and again.headers["location"].startswith(f"{HOME}?")

    async def test_for_who_hires_then_not_theirs(self, office: Office, door: Door) -> None:
        browser = await door.enter(await office.hire("HR"))
        assert (await browser.get(HOME)).status_code == 403


class TestPeriod:
    def test_when_nothing_is_said_then_the_present_month_by_days(self) -> None:
        assert read({}, TODAY) == (Asked(date(2026, 11, 1), TODAY, "day"), {})

    def test_of_a_leap_year_then_whole(self) -> None:
        assert read({"from": "2028-01-01", "to": "2028-12-31"}, TODAY)[1] == {}
        assert "to" in read({"from": "2028-01-01", "to": "2029-01-01"}, TODAY)[1]
