"""The report of a day: sums by programme, what the stock knows, the file."""

from decimal import Decimal

from esoz.kernel.db import Database
from esoz.mis.pharmacy.model import sums_of
from tests.factories.prescriptions import Document

from ..conftest import Browser
from ..pharmacy.counter import hold
from .conftest import Package, receive


# PH-7
def test_sums_then_by_programme_and_exact() -> None:
    def dispense(programme: str, *lines: tuple[str, str]) -> Document:
        details = [{"sell_amount": float(amount), "discount_amount": float(discount)} for amount, discount in lines]
        return {"medication_request": {"medical_program": {"name": programme}}, "details": details}

    found = sums_of([dispense("А", ("0.1", "0.1"), ("0.2", "0")), dispense("Б"), dispense("А", ("100.55", "20.05"))])
    assert (found["А"].dispenses, found["А"].amount, found["А"].discount) == (2, Decimal("100.85"), Decimal("20.15"))
    assert found["А"].paid == Decimal("80.70") and found["Б"].paid == 0


class TestReport:
    async def test_of_a_day_then_sums_stock_and_file_agree(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        unsigned: None,
        mis_database: Database,
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 1})
        await pharmacist.get("/pharmacy/report")
        assert "За програмами" in pharmacist.text and "Антибактеріальні" in pharmacist.text
        answer = await pharmacist.get("/pharmacy/report.csv")
        rows = [line for line in answer.content.decode("utf-8-sig").splitlines() if rx["request_number"] in line]
        assert len(rows) == 1 and ";10;" in rows[0] and rows[0].endswith(";так")

    async def test_of_what_the_stock_does_not_know_then_led_there(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        unsigned: None,
        mis_database: Database,
    ) -> None:
        await receive(pharmacist, packages[0], 5)
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{packages[0].offer}": 1})
        dispense = pharmacist.path
        async with mis_database.connection() as db:
            await db.execute("delete from stock_dispenses")
        await pharmacist.get("/pharmacy/report")
        assert "Ще не взято зі складу" in pharmacist.text and f'href="{dispense}"' in pharmacist.page.text

    async def test_of_a_day_without_any_or_of_none_then_told(self, pharmacist: Browser) -> None:
        await pharmacist.get("/pharmacy/report", day="2020-01-01")
        assert "не відпускали" in pharmacist.text
        answer = await pharmacist.get("/pharmacy/report", day="2026-02-30")
        assert answer.status_code == 422 and 'href="#day"' in answer.text
