"""What is dispensed leaves the stock in the same transaction: once, in the right order, whatever the books say."""

import asyncio
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.base.services import MisPage
from esoz.mis.stock import give_back
from tests.factories.prescriptions import Document
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..pharmacy.counter import find, hold, sign
from .conftest import Package, left, receive


class TestCounter:
    async def test_with_stock_then_it_is_shown_first_and_filled_in(
        self, pharmacist: Browser, rx: Document, code: str, packages: list[Package]
    ) -> None:
        await receive(pharmacist, packages[0], 5, series="ЦЕ-1")
        await find(pharmacist, rx["request_number"], code)
        first = re.findall(r'name="packages-([0-9a-f-]{36})" type="text"[^>]*value="([^"]*)"', pharmacist.page.text)[0]
        assert first == (str(packages[0].offer), "2")
        assert "ЦЕ-1" in pharmacist.text and "125,50" in pharmacist.text and "немає на обліку" in pharmacist.text

    async def test_from_the_scan_to_done_then_three_sendings(
        self, pharmacist: Browser, rx: Document, code: str, packages: list[Package], unsigned: None
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        await pharmacist.get("/pharmacy")
        await pharmacist.send("/pharmacy", number=rx["request_number"])
        await pharmacist.send(pharmacist.path, code=code)
        assert "Відпущено" in pharmacist.text and "Узято зі складу" in pharmacist.text

    async def test_without_stock_then_as_before(self, pharmacist: Browser, rx: Document, code: str) -> None:
        await find(pharmacist, rx["request_number"], code)
        assert "На складі" not in pharmacist.text and "Почати відпуск" in pharmacist.text


# PH-1, PH-3
class TestTaken:
    async def test_signed_then_first_what_expires_first(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis_database: Database,
        connected: World,
    ) -> None:
        await receive(pharmacist, packages[0], 1, series="LATE")
        await receive(pharmacist, packages[0], 1, series="EARLY", expires_on="2027-01-31")
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 1})
        assert await left(mis_database) == {"LATE": 10, "EARLY": 10}  # a hold takes nothing
        await sign(pharmacist, connected)
        assert await left(mis_database) == {"LATE": 10, "EARLY": 0} and "EARLY" in pharmacist.text
        await pharmacist.get(pharmacist.path)
        assert await left(mis_database) == {"LATE": 10, "EARLY": 0}
        await pharmacist.get("/stock/journal", kind="DISPENSED")
        assert "Відпуск за рецептом" in pharmacist.text

    async def test_more_than_the_books_have_then_given_told_and_settled_once(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis_database: Database,
        unsigned: None,
    ) -> None:
        await receive(pharmacist, packages[0], 1)
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 2})
        assert "Стільки на обліку не було" in pharmacist.text
        assert await left(mis_database) == {"A1": 0}
        await pharmacist.get("/stock")
        assert "Відпущено понад облік" in pharmacist.text
        await pharmacist.send(f"/stock/medicines/{packages[0].id}/settle")
        assert "Відпущено понад облік" not in pharmacist.text
        async with mis_database.connection() as db:
            assert await db.fetchval("select sum(quantity) from stock_movements where batch_id is null") == 0

    async def test_answer_lost_without_a_signature_then_done_once_and_taken_once(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis_database: Database,
        central_database: Database,
        unsigned: None,
        wire: Wire,
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        chosen = {f"packages-{packages[0].offer}": 1}
        assert (await hold(pharmacist, rx["request_number"], code, **chosen)).status_code == 503
        wire.loses_answer = lambda _request: False
        await pharmacist.send(pharmacist.path, code=code)
        assert "Відпущено" in pharmacist.text and await left(mis_database) == {"A1": 40}
        async with central_database.connection() as db:
            query = "select count(*) from medication_dispenses where medication_request_id = $1"
            assert await db.fetchval(query, UUID(rx["id"])) == 1

    async def test_answer_lost_of_all_then_the_prescription_leads_to_what_was_done(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis_database: Database,
        unsigned: None,
        wire: Wire,
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("medication_dispenses")
        )
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 2})
        wire.loses_answer = lambda _request: False
        await find(pharmacist, rx["request_number"])
        assert "Ваша аптека відпустила" in pharmacist.text
        await pharmacist.get(re.findall(r'href="(/pharmacy/dispenses/[0-9a-f-]{36})"', pharmacist.page.text)[0])
        assert "Узято зі складу" in pharmacist.text and await left(mis_database) == {"A1": 30}

    async def test_two_windows_at_once_then_taken_once(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis: Mis,
        unsigned: None,
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 1})
        path = pharmacist.path
        async with mis.services.database.connection() as db:
            await db.execute("delete from stock_dispenses")
            await db.execute("delete from stock_movements where kind = 'DISPENSED'")
            await db.execute("update stock_batches set quantity = 50")
        answers = await asyncio.gather(*(pharmacist.client.get(path) for _ in range(4)))
        assert {each.status_code for each in answers} == {200}
        assert await left(mis.services.database) == {"A1": Decimal(40)}


# PH-5
class TestGivenBack:
    async def test_a_part_then_back_in_its_batches_once(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        mis: Mis,
        unsigned: None,
        connected: World,
    ) -> None:
        await receive(pharmacist, packages[0], 1)
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 2})
        dispense_id = UUID(pharmacist.path.rsplit("/", 1)[1])
        database = mis.services.database
        for _turn in range(2):
            async with database.transaction() as db:
                user_id = await db.fetchval("select user_id from stock_movements where kind = 'DISPENSED' limit 1")
                page = SimpleNamespace(
                    db=db,
                    now=mis.services.clock.now(),
                    request_id="test",
                    visitor=None,
                    user=SimpleNamespace(id=user_id, work=SimpleNamespace(clinic_id=connected.pharmacist.client_id)),
                )
                line = {"program_medication_id": str(packages[0].offer), "medication_qty": 15}
                await give_back(cast("MisPage", page), {"id": str(dispense_id), "returns": [{"returned": [line]}]})
        assert await left(database) == {"A1": Decimal(10)}
        async with database.connection() as db:
            assert await db.fetchval("select sum(quantity) from stock_movements where kind = 'RETURNED'") == 15
            assert await db.fetchval("select sum(quantity) from stock_movements where batch_id is null") == -5
