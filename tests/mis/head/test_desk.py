"""One page for the head of a pharmacy: what is open, what ends soon, numbers; central may be silent about each."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.office.head.model import first_of_week, month_of
from tests.factories.world import World
from tests.mis.conftest import NOW, Browser, Consent, Wire, come_in
from tests.mis.staff.conftest import PHARMACY, Door, Hired, Office
from tests.mis.test_page_statements import statements_of

HOME = "/head"
TOLD = ("/api/licenses", "/api/divisions", "/api/pharmacy/medication_dispense_counts", "/api/reimbursement_report_sums")
JOURNALS = ("paper_dispenses", "emergency_dispenses", "wholesale_supplies")


@pytest.fixture
async def owner(office: Office) -> Hired:
    return await office.hire("PHARMACY_OWNER", at=PHARMACY)


@pytest.fixture
async def head(owner: Hired, door: Door, mis: Mis) -> Browser:
    """The head of a pharmacy, in which nothing waits."""
    return await door.enter(owner, wanted=HOME)


def said(data: object, **paging: int) -> httpx.Response:
    return httpx.Response(200, json={"meta": {"code": 200}, "data": data, "paging": paging})


def licence(number: str, ends: date | None) -> dict[str, object]:
    ending = {"expiry_date": str(ends)} if ends else {}
    return {"id": str(uuid4()), "license_number": number, "type": "PHARMACY", "active_from_date": "2020-01-01"} | ending


async def wait(database: Database, owner: Hired, kind: str, *, signed: bool) -> None:
    """A document that central does not have."""
    async with database.connection() as db:
        await db.execute(
            "insert into exception_documents (id, clinic_id, user_id, kind, about_id, content, form, shown, created_at,"
            " signed) values ($1, $2, $3, $4, $1, '', '{}', '{}', $5, $6)",
            uuid4(),
            owner.clinic_id,
            owner.local_id,
            kind,
            NOW,
            b"signed" if signed else None,
        )


class TestDesk:
    async def test_nothing_waits_then_said_so_with_links_to_everything(self, head: Browser) -> None:
        assert head.path == HOME and "Незавершених справ немає" in head.text
        assert head.page is not None
        for href in (
            "/organisation",
            "/staff",
            "/reimbursement",
            "/journals?journal=paper&amp;from=2026-11-16&amp;to=",
        ):
            assert f'href="{href}' in head.page.text, href

    async def test_documents_wait_then_the_signed_first_each_with_its_page(
        self, head: Browser, owner: Hired, mis_database: Database
    ) -> None:
        await wait(mis_database, owner, "wholesale", signed=True)
        await wait(mis_database, owner, "paper", signed=False)
        await head.get(HOME)
        assert head.page is not None
        text = head.page.text
        unsent, waiting = "Підписано, але в ЕСОЗ ще немає: Оптова видача", "Очікує на підпис: За паперовими рецептами"
        assert text.index(unsent) < text.index(waiting) and 'href="/wholesale"' in text and 'href="/paper"' in text

    async def test_books_lack_and_terms_end_then_counted_over_all_divisions(
        self, head: Browser, owner: Hired, mis_database: Database
    ) -> None:
        day = NOW.date()
        async with mis_database.connection() as db:
            for division, ends in enumerate((day - timedelta(days=1), day, day + timedelta(days=91)), 1):
                medicine, act = uuid4(), uuid4()
                await db.execute(
                    "insert into stock_medicines (clinic_id, medication_id, name, manufacturer, form, unit,"
                    " package_qty, package_min_qty) values ($1, $2, 'Амоксил', '', '', 'PILL', 10, 10)",
                    owner.clinic_id,
                    medicine,
                )
                await db.execute(
                    "insert into stock_acts (id, clinic_id, division_id, user_id, kind, state, day, document, supplier,"
                    " reason, created_at) values ($1, $2, $3, $4, 'RECEIVED', 'done', $5, '', '', '', $6)",
                    act,
                    owner.clinic_id,
                    UUID(int=division),
                    owner.local_id,
                    day,
                    NOW,
                )
                await db.execute(
                    "insert into stock_batches (id, clinic_id, division_id, medication_id, act_id, series, expires_on,"
                    " price, quantity, created_at) values ($1, $2, $3, $4, $5, 'A', $6, 1, 10, $7)",
                    uuid4(),
                    owner.clinic_id,
                    UUID(int=division),
                    medicine,
                    act,
                    ends,
                    NOW,
                )
                await db.execute(
                    "insert into stock_movements (id, clinic_id, division_id, medication_id, user_id, kind, quantity,"
                    " moved_at) values ($1, $2, $3, $4, $5, 'DISPENSED', -10, $6)",
                    uuid4(),
                    owner.clinic_id,
                    UUID(int=division),
                    medicine,
                    owner.local_id,
                    NOW,
                )
        await head.get(HOME)
        words = " ".join(head.text.split())
        assert "Препаратів відпущено понад те, що є на складі 3 " in words
        assert "Серій, строк яких минув 1 " in words and "Серій, строк яких спливає за 90 днів 1 " in words

    async def test_licences_then_only_those_that_end_soon(self, head: Browser, wire: Wire) -> None:
        ends = NOW.date() + timedelta(days=60)
        rows = [licence("СКОРО", ends), licence("НЕ-СКОРО", ends + timedelta(days=1)), licence("БЕЗ-КІНЦЯ", None)]
        wire.answers["GET /api/licenses"] = said(rows, total_pages=1, total_entries=3)
        await head.get(HOME)
        assert "СКОРО" in head.text and "Скоро закінчиться" in head.text
        assert "НЕ-СКОРО" not in head.text.replace("СКОРО Відкрити", "") and "БЕЗ-КІНЦЯ" not in head.text

    async def test_numbers_then_those_of_central(self, head: Browser, wire: Wire) -> None:
        wire.answers["GET /api/pharmacy/medication_dispense_counts"] = said({"dispensed": 1234, "taken_back": 5})
        for number, name in enumerate(JOURNALS, 71):
            wire.answers[f"GET /api/pharmacy/{name}"] = said([], total_entries=number, total_pages=1)
        sums = {"dispenses": 9, "taken_back": 0, "sell_amount": 750.2, "discount_amount": 187.55}
        wire.answers["GET /api/reimbursement_report_sums"] = said({"lines": [], "total": sums})
        await head.get(HOME)
        words = " ".join(head.text.split())
        assert "За електронними рецептами 1234" in words and "За паперовими рецептами 71" in words
        assert "Без рецепта 72" in words and "Оптова видача 73" in words
        assert "750,20" in words and "187,55" in words

    async def test_central_silent_then_what_is_ours_is_there_still(
        self, head: Browser, owner: Hired, wire: Wire, mis_database: Database
    ) -> None:
        await wait(mis_database, owner, "paper", signed=True)
        wire.is_cut = True
        page = await head.get(HOME)
        assert page.status_code == 200 and "ЕСОЗ не відповіла" in head.text and "невідомо" in head.text
        assert "Підписано, але в ЕСОЗ ще немає" in head.text

    async def test_more_waits_then_no_more_statements(
        self, head: Browser, owner: Hired, mis_database: Database, asked: list[str]
    ) -> None:
        for kind in ("paper", "paper", "emergency", "wholesale"):
            await wait(mis_database, owner, kind, signed=True)
        found = await statements_of(head, HOME, asked)
        assert len(found) <= 10, "\n".join(found)

    async def test_for_a_pharmacist_then_not_theirs(self, browser: Browser, consent: Consent, connected: World) -> None:
        pharmacist = await come_in(browser, consent, "PHARMACIST", connected.pharmacist)
        assert (await pharmacist.get(HOME)).status_code == 403


class TestModel:
    def test_week_then_seven_days_with_today(self) -> None:
        assert first_of_week(date(2026, 3, 1)) == date(2026, 2, 23)

    def test_month_then_exact(self) -> None:
        month = month_of({"total": {"dispenses": 1, "sell_amount": 0.1, "discount_amount": 0.05}})
        assert (str(month.amount), str(month.discount)) == ("0.1", "0.05")
