"""What else fits a prescription, and for how much: at the counter, from the price catalogue."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.mis.pharmacy.model import Offer, in_order
from tests.emptying import empty_tables
from tests.factories.prescriptions import Document

from ..conftest import Browser, Wire

PATH = "/pharmacy/prescriptions/{}"


@pytest.fixture
async def priced(central_database: Database, rx: Document) -> AsyncIterator[list[UUID]]:
    """Two packages of amoxicillin with prices, the dearer one first by name."""
    async with central_database.transaction() as db:
        rows = await db.fetch(
            "select id, package_qty from (select distinct on (name, manufacturer_name) * from medications"
            " where innm_dosage_id = $1 order by name, manufacturer_name, id) found order by name, id limit 4",
            UUID(rx["medication_info"]["medication_id"]),
        )
        prices = (("2026-11-01", "6.05"), ("2026-11-22", "3.03"))
        for row, (first, price) in zip(rows, prices, strict=False):
            await db.execute(
                "insert into catalogue_prices (medication_id, valid_from, package_price, inserted_at, updated_at)"
                " values ($1, $2, $3, now(), now())",
                row["id"],
                date.fromisoformat(first),
                Decimal(price) * row["package_qty"],
            )
        ids = [row["id"] for row in rows]
    yield ids
    async with central_database.transaction() as db:
        await empty_tables(db, "catalogue_prices")


class TestAtTheCounter:
    async def test_with_prices_then_the_cheapest_a_unit_first_and_marked(
        self, pharmacist: Browser, rx: Document, priced: list[UUID]
    ) -> None:
        await pharmacist.get(PATH.format(rx["request_number"]))
        text = pharmacist.text.replace("\u00a0", " ")
        shown = [text.index(price) for price in ("3,03", "6,05")]
        assert shown == sorted(shown) and "За каталогом цін" in text
        assert text.count("Серед найдешевших") == 2

    async def test_without_prices_then_no_column(self, pharmacist: Browser, rx: Document) -> None:
        await pharmacist.get(PATH.format(rx["request_number"]))
        assert "За каталогом цін" not in pharmacist.text and "Почати відпуск" in pharmacist.text

    async def test_catalogue_does_not_answer_then_medicines_are_given_all_the_same(
        self, pharmacist: Browser, rx: Document, priced: list[UUID], wire: Wire
    ) -> None:
        dosage_id = rx["medication_info"]["medication_id"]
        wire.answers[f"GET /api/pharmacy/innm_dosages/{dosage_id}/prices"] = httpx.Response(503)
        await pharmacist.get(PATH.format(rx["request_number"]))
        assert "За каталогом цін" not in pharmacist.text and "Почати відпуск" in pharmacist.text
        wire.answers.clear()


# PH-6
def test_nothing_in_stock_then_by_the_price_of_a_unit_and_those_without_one_last() -> None:
    def offer(number: int, qty: int) -> Offer:
        id = UUID(int=number)
        return Offer(
            id=id, medication_id=id, name="", manufacturer="", form="TABLET", unit="PILL", qty=Decimal(qty),
            min_qty=Decimal(qty),
        )  # fmt: skip

    offers = [offer(1, 10), offer(2, 10), offer(3, 100), offer(4, 10)]
    prices = {UUID(int=1): Decimal(20), UUID(int=2): Decimal(10), UUID(int=3): Decimal(50)}
    assert [each.id.int for each in in_order(offers, {}, prices)] == [3, 2, 1, 4]
