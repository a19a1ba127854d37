"""What was signed is what central offered, and an answer that is lost loses nothing: payment and receipt too."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest

from esoz.kernel.db import Database
from tests.factories.prescriptions import Document, Prescribing
from tests.factories.world import World

from ..conftest import Browser, Wire
from .counter import find, hold, sign


class TestLostAnswers:
    async def test_of_the_hold_then_the_next_click_takes_it_up(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire, central_database: Database
    ) -> None:
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        answer = await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        assert answer.status_code == 503 and "двічі його не буде" in pharmacist.text
        wire.loses_answer = lambda _request: False
        await pharmacist.send(
            f"/pharmacy/prescriptions/{rx['request_number']}", **{f"packages-{ten[0]}": 1, "code": code}
        )
        assert pharmacist.path.startswith("/pharmacy/dispenses/"), pharmacist.text
        assert await self.dispenses(central_database, rx) == 1

    async def test_system_that_is_blocked_then_told_so_and_neither_the_code_nor_the_consent_is_doubted(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire
    ) -> None:
        error = {"type": "access_denied", "message": "API-KEY header is invalid."}
        wire.answers["POST /api/pharmacy/medication_dispenses"] = httpx.Response(401, json={"meta": {}, "error": error})
        answer = await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        assert answer.status_code == 503
        assert "ЕСОЗ не приймає цієї медичної інформаційної системи" in pharmacist.text
        assert "двічі його не буде" not in pharmacist.text and "Надати доступ" not in pharmacist.text

    async def test_of_the_signature_then_sent_again_and_counted_once(
        self,
        pharmacist: Browser,
        rx: Document,
        code: str,
        ten: list[UUID],
        wire: Wire,
        connected: World,
        central_database: Database,
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        wire.loses_answer = lambda request: request.method == "PATCH"
        await sign(pharmacist, connected)
        assert "Не видавайте ліки" in pharmacist.text and pharmacist.path.endswith("/waits")
        wire.loses_answer = lambda _request: False
        await pharmacist.send(pharmacist.path.replace("/waits", "/send"))
        assert "Відпущено" in pharmacist.text and "залишилося: 10" in pharmacist.text
        assert await self.dispenses(central_database, rx) == 1

    async def dispenses(self, database: Database, rx: Document) -> int:
        async with database.connection() as db:
            found: int = await db.fetchval(
                "select count(*) from medication_dispenses where medication_request_id = $1", UUID(rx["id"])
            )
        return found

    async def test_two_clicks_at_once_then_one_dispense(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], central_database: Database
    ) -> None:
        await find(pharmacist, rx["request_number"], code)
        page = pharmacist.page
        assert page is not None
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        division = re.findall(r'name="division" value="([^"]+)"', page.text)[-1]
        sent = {"csrf": csrf, "division": division, "code": code, f"packages-{ten[0]}": "1"}
        both = await asyncio.gather(
            *(pharmacist.client.post(page.url.path, data={**sent, "form_token": token}) for token in ("a" * 8, "b" * 8))
        )
        assert len({answer.headers.get("location") for answer in both}) == 1
        assert await self.dispenses(central_database, rx) == 1


class TestSigned:
    async def test_the_bytes_are_central_s_answer(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        page = pharmacist.page
        assert page is not None
        offered = base64.b64decode(page.text.split('data-kep-content value="')[1].split('"')[0])
        content = msgspec.json.decode(offered)
        assert content["status"] == "NEW" and content["details"][0]["medication_qty"] == 10
        await pharmacist.get(pharmacist.path)
        again = pharmacist.page.text.split('data-kep-content value="')[1].split('"')[0]
        assert base64.b64decode(again) == offered

    async def test_other_content_then_refused_and_nothing_sent(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], wire: Wire, connected: World
    ) -> None:
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
        answer = await pharmacist.send(signed_content=connected.pharmacist.sign(b"{}"))
        assert answer.status_code == 422 and "інший документ" in pharmacist.text
        assert not [path for path in wire.paths("PATCH") if path.endswith("/process")]


@pytest.fixture
async def priced(central_database: Database, prescribing: Prescribing) -> AsyncIterator[None]:
    """The state pays by the programme."""
    async with central_database.connection() as db:
        await db.execute("update medical_programs set funding_source = 'NHS'")
        await db.execute("update program_medications set reimbursement_amount = 20")
        yield
        await db.execute("update program_medications set reimbursement_amount = 0")
        await db.execute("update medical_programs set funding_source = 'PATIENT'")


class TestPriced:
    async def test_answer_of_the_hold_lost_and_opened_from_the_journal_then_the_payment_is_signed(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], priced: None, wire: Wire, connected: World
    ) -> None:
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        chosen = {f"packages-{ten[0]}": 1, f"amount-{ten[0]}": "125,50", f"discount-{ten[0]}": "20"}
        answer = await hold(pharmacist, rx["request_number"], code, **chosen)
        assert answer.status_code == 503, pharmacist.text
        await pharmacist.get("/dispenses", number=rx["request_number"])
        assert pharmacist.page is not None
        await pharmacist.get(re.findall(r'href="(/pharmacy/dispenses/[0-9a-f-]{36})"', pharmacist.page.text)[0])
        assert "105,50" in pharmacist.text
        offered = base64.b64decode(pharmacist.page.text.split('data-kep-content value="')[1].split('"')[0])
        assert msgspec.json.decode(offered)["payment_amount"] == 105.5
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text

    async def test_answer_of_the_hold_lost_and_taken_up_by_the_form_then_the_receipt_is_signed(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], priced: None, connected: World
    ) -> None:
        chosen = {f"packages-{ten[0]}": 1, f"amount-{ten[0]}": "125,50", f"discount-{ten[0]}": "20"}
        await hold(pharmacist, rx["request_number"], code, **chosen)
        await hold(pharmacist, rx["request_number"], code, **chosen, payment_id="ЧЕК-7")
        assert "ЧЕК-7" in pharmacist.text and "105,50" in pharmacist.text
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text

    async def test_answer_of_the_hold_lost_and_the_price_corrected_then_the_new_one_is_held_and_signed(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        ten: list[UUID],
        priced: None,
        wire: Wire,
        connected: World,
        central_database: Database,
    ) -> None:
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        chosen = {f"packages-{ten[0]}": 1, f"amount-{ten[0]}": "100", f"discount-{ten[0]}": "20"}
        assert (await hold(pharmacist, rx["request_number"], code, **chosen)).status_code == 503
        wire.loses_answer = lambda _request: False
        await hold(pharmacist, rx["request_number"], code, **chosen | {f"amount-{ten[0]}": "120"})
        assert pharmacist.page is not None
        offered = base64.b64decode(pharmacist.page.text.split('data-kep-content value="')[1].split('"')[0])
        document = msgspec.json.decode(offered)
        assert (document["details"][0]["sell_amount"], document["payment_amount"]) == (120, 100)
        async with central_database.connection() as db:
            query = "select status from medication_dispenses where medication_request_id = $1 order by inserted_at, id"
            assert [row["status"] for row in await db.fetch(query, UUID(rx["id"]))] == ["REJECTED", "NEW"]
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text

    async def test_answer_of_the_hold_of_everything_lost_then_led_to_where_it_waits(
        self, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], priced: None, wire: Wire
    ) -> None:
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        chosen = {f"packages-{ten[0]}": 2, f"amount-{ten[0]}": "200", f"discount-{ten[0]}": "40"}
        assert (await hold(pharmacist, rx["request_number"], code, **chosen)).status_code == 503
        wire.loses_answer = lambda _request: False
        await pharmacist.send(f"/pharmacy/prescriptions/{rx['request_number']}", **chosen, code=code)
        assert pharmacist.path.startswith("/pharmacy/dispenses/"), pharmacist.text
