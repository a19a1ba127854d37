"""The stock of a pharmacy: receipts, batches, writing off, counting, the journal."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from esoz.kernel.db import Database

from ..conftest import Browser, form_of
from .conftest import Package, left, of, receive


class TestReceipt:
    async def test_of_two_lines_then_they_are_in_stock_with_series_term_and_price(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await pharmacist.get("/stock")
        assert "Склад порожній" in pharmacist.text
        await pharmacist.get("/stock/receipts/new")
        await pharmacist.send("/stock/receipts/new", supplier="ТОВ «Оптова база»", document="ВН-7")
        path = pharmacist.path
        await pharmacist.send(path, **of(packages[0], 3))
        await pharmacist.send(path, **of(packages[0], 2, series="A2", expires_on="2027-03-01", price="99"))
        assert "574,50" in pharmacist.text and "A2" in pharmacist.text
        assert await left(mis_database) == {}
        await pharmacist.send(f"{path}/receive")
        assert await left(mis_database) == {"A1": 30, "A2": 20}
        await pharmacist.get("/stock", q=packages[0].name[:5])
        assert "5 уп." in pharmacist.text and "99,00" in pharmacist.text and "01.03.2027" in pharmacist.text
        await pharmacist.get(f"/stock/medicines/{packages[0].id}")
        assert pharmacist.text.index("A2") < pharmacist.text.index("A1")

    async def test_entered_twice_then_once(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        path = pharmacist.path
        form = {"csrf": form_of(pharmacist.page.text, "/sign-out")[1]["csrf"]}
        answer = await pharmacist.client.post(f"{path}/receive", data=form)
        assert answer.status_code == 303 and await left(mis_database) == {"A1": 30}
        answer = await pharmacist.client.post(path, data=form | {k: str(v) for k, v in of(packages[0], 1).items()})
        assert answer.status_code == 303
        await pharmacist.get(path)
        assert pharmacist.text.count("A1") <= 1

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("packages", "0", "ціле число упаковок"),
            ("packages", "1.5", "ціле число упаковок"),
            ("packages", "-3", "ціле число упаковок"),
            ("packages", "٣", "ціле число упаковок"),
            ("price", "12,345", "ціну упаковки"),
            ("price", "-1", "ціну упаковки"),
            ("price", "1e99", "ціну упаковки"),
            ("series", "", "серію"),
            ("series", "я" * 101, "до 100"),
            ("expires_on", "2026-11-21", "вже минув"),
            ("expires_on", "31.12.2027", "останній день"),
            ("medicine", str(UUID(int=7)), "Оберіть препарат"),
            ("medicine", "x", "Оберіть препарат"),
            ("barcode", "12", "8–14"),
        ],
    )
    async def test_line_with_a_fault_then_told_at_its_field_and_what_was_typed_stays(
        self, pharmacist: Browser, packages: list[Package], field: str, typed: str, words: str
    ) -> None:
        await pharmacist.get("/stock/receipts/new")
        await pharmacist.send("/stock/receipts/new", supplier="База", document="1")
        answer = await pharmacist.send(pharmacist.path, **of(packages[0], 3, series="S-77") | {field: typed})
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text and words in pharmacist.text
        assert field == "series" or 'value="S-77"' in answer.text

    async def test_barcode_scanned_for_the_second_time_then_the_medicine_is_known(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3, barcode="4820000000017")
        await receive(pharmacist, packages[0], 1, medicine="", barcode="4820000000017", series="B")
        assert await left(mis_database) == {"A1": 30, "B": 10}
        await pharmacist.get("/stock", q="4820000000017")
        assert packages[0].name in pharmacist.text
        await pharmacist.get("/stock", q="4820000000018")
        assert "такого препарату немає" in pharmacist.text

    async def test_line_or_draft_removed_then_nothing_is_entered(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await pharmacist.get("/stock/receipts/new")
        await pharmacist.send("/stock/receipts/new", supplier="База", document="1")
        path = pharmacist.path
        await pharmacist.send(path, **of(packages[0], 3))
        async with mis_database.connection() as db:
            line = await db.fetchval("select id from stock_lines")
        await pharmacist.send(f"{path}/lines/{line}/remove")
        assert "Оприбуткувати" not in pharmacist.text
        await pharmacist.send(f"{path}/drop")
        assert pharmacist.path == "/stock/receipts" and await left(mis_database) == {}

    async def test_of_another_pharmacy_then_not_found(self, pharmacist: Browser, mis_database: Database) -> None:
        for path in (f"/stock/receipts/{uuid4()}", f"/stock/batches/{uuid4()}/write-off", "/stock/medicines/x"):
            assert (await pharmacist.get(path)).status_code == 404


class TestFile:
    async def send(self, browser: Browser, content: str | bytes) -> str:
        await browser.get("/stock/receipts/new")
        await browser.send("/stock/receipts/new", supplier="База", document="1")
        path = browser.path
        action, fields = form_of(browser.page.text, f"{path}/file")
        raw = content.encode() if isinstance(content, str) else content
        browser.page = await browser.client.post(
            action, data=fields, files={"file": ("l.csv", raw, "text/csv")}, follow_redirects=True
        )
        return path

    async def test_of_good_lines_then_all_are_added(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        rows = f"{packages[0].id};A1;31.12.2027;3;125,50\r\n{packages[0].id};B1;2027-01-05;1;99.9\r\n"
        path = await self.send(pharmacist, f"\ufeffmedication_id;series;expires_on;packages;price\r\n{rows}")
        assert "Додано 2 рядки" in pharmacist.text or "Додано 2 рядків" in pharmacist.text, pharmacist.text
        await pharmacist.send(f"{path}/receive")
        assert await left(mis_database) == {"A1": 30, "B1": 10}

    async def test_with_a_bad_line_then_none_is_added_and_the_line_is_told(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        rows = (
            f"{packages[0].id};A1;31.12.2027;3;125,50\n{packages[0].id};B1;2020-01-05;x;99\n{uuid4()};C;2027-01-05;1;9"
        )
        await self.send(pharmacist, f"medication_id;series;expires_on;packages;price\n{rows}")
        assert "Рядок 3" in pharmacist.text and "вже минув" in pharmacist.text and "Рядок 4" in pharmacist.text
        async with mis_database.connection() as db:
            assert await db.fetchval("select count(*) from stock_lines") == 0

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xfe\x00",
            b"PK\x03\x04",
            "a;b\n1;2",
            "=cmd|' /c calc'!A0",
            "\0",
            '"',
            "series;expires_on;packages;price",
        ],
    )
    async def test_that_is_no_table_then_told(self, pharmacist: Browser, content: str | bytes) -> None:
        await self.send(pharmacist, content)
        assert pharmacist.page.status_code == 422 and 'href="#file"' in pharmacist.page.text

    async def test_of_too_many_lines_then_told(self, pharmacist: Browser) -> None:
        await self.send(pharmacist, "name;series;expires_on;packages;price\n" + "a;b;2027-01-01;1;1\n" * 1001)
        assert "понад 1000" in pharmacist.text


class TestWriteOff:
    async def test_of_a_package_then_less_is_left_and_the_reason_stands_in_the_journal(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        batch = await self.batch(mis_database)
        await pharmacist.get(f"/stock/batches/{batch}/write-off")
        await pharmacist.send(pharmacist.path, packages="1", reason="OTHER", words="Розбили")
        assert await left(mis_database) == {"A1": 20}
        await pharmacist.get("/stock/journal")
        assert "Інша причина" in pharmacist.text and "Розбили" in pharmacist.text and "-10" in pharmacist.text

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"packages": "4", "reason": "LOST"}, "packages"),
            ({"packages": "", "reason": "LOST"}, "packages"),
            ({"packages": "1", "reason": ""}, "reason"),
            ({"packages": "1", "reason": "OTHER", "words": ""}, "words"),
            ({"packages": "1", "units": "0,3", "reason": "LOST"}, "units"),
        ],
    )
    async def test_of_too_much_or_without_a_reason_then_told_at_the_field(
        self,
        *,
        pharmacist: Browser,
        packages: list[Package],
        mis_database: Database,
        typed: dict[str, str],
        field: str,
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        await pharmacist.get(f"/stock/batches/{await self.batch(mis_database)}/write-off")
        answer = await pharmacist.send(pharmacist.path, **typed)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text
        assert await left(mis_database) == {"A1": 30}

    async def batch(self, database: Database) -> object:
        async with database.connection() as db:
            return await db.fetchval("select id from stock_batches")


class TestInventory:
    async def test_counted_less_then_shown_first_and_entered_when_confirmed(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        await pharmacist.get("/stock/inventory")
        batch = await TestWriteOff().batch(mis_database)
        await pharmacist.send("/stock/inventory", **{f"packages-{batch}": "2"})
        assert "-10" in pharmacist.text and await left(mis_database) == {"A1": 30}
        # something is dispensed while people count: the difference is moved, what was dispensed stays so
        async with mis_database.connection() as db:
            await db.execute("update stock_batches set quantity = quantity - 5")
        await pharmacist.send("/stock/inventory")
        assert await left(mis_database) == {"A1": Decimal(15)}

    async def test_more_is_missing_than_is_left_then_told_and_nothing_is_entered(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        await pharmacist.get("/stock/inventory")
        batch = await TestWriteOff().batch(mis_database)
        await pharmacist.send("/stock/inventory", **{f"packages-{batch}": "0"})
        async with mis_database.connection() as db:
            await db.execute("update stock_batches set quantity = quantity - 5")
        answer = await pharmacist.send("/stock/inventory")
        assert answer.status_code == 422 and "Перерахуйте" in pharmacist.text
        assert await left(mis_database) == {"A1": Decimal(25)}

    async def test_nothing_or_nonsense_then_told(
        self, pharmacist: Browser, packages: list[Package], mis_database: Database
    ) -> None:
        await receive(pharmacist, packages[0], 3)
        await pharmacist.get("/stock/inventory")
        batch = await TestWriteOff().batch(mis_database)
        assert (await pharmacist.send("/stock/inventory")).status_code == 422
        answer = await pharmacist.send("/stock/inventory", **{f"packages-{batch}": "багато"})
        assert answer.status_code == 422 and f'href="#packages-{batch}"' in answer.text


class TestJournal:
    async def test_as_a_file_then_the_same_rows_and_nothing_that_is_carried_out(
        self, pharmacist: Browser, packages: list[Package]
    ) -> None:
        await receive(pharmacist, packages[0], 3, series="=1+1")
        answer = await pharmacist.get("/stock/journal.csv")
        rows = answer.content.decode("utf-8-sig").splitlines()
        assert len(rows) == 2 and ";30;" in rows[1] and "'=1+1" in rows[1] and "Оптова база" in rows[1]

    async def test_by_kind_and_days_then_only_those(self, pharmacist: Browser, packages: list[Package]) -> None:
        await receive(pharmacist, packages[0], 3)
        await pharmacist.get("/stock/journal", kind="WRITTEN_OFF")
        assert "руху не було" in pharmacist.text
        await pharmacist.get("/stock/journal", until="2026-11-21")
        assert "руху не було" in pharmacist.text
        assert (await pharmacist.get("/stock/journal", since="2026-02-30")).status_code == 422


class TestDivision:
    async def test_chosen_then_remembered_and_another_clinic_s_refused(self, pharmacist: Browser) -> None:
        await pharmacist.get("/stock/divisions")
        answer = await pharmacist.send("/stock/divisions", division=str(uuid4()))
        assert answer.status_code == 422 and 'href="#division"' in answer.text
        await pharmacist.get("/stock/divisions")
        await pharmacist.send("/stock/divisions")
        assert pharmacist.path == "/stock"


class TestExpiring:
    async def test_soon_then_listed_and_later_not(self, pharmacist: Browser, packages: list[Package]) -> None:
        await receive(pharmacist, packages[0], 1, series="SOON", expires_on="2026-12-31")
        await receive(pharmacist, packages[0], 1, series="LATER")
        await pharmacist.get("/stock/expiring")
        assert "SOON" in pharmacist.text and "LATER" not in pharmacist.text and "Спливає" in pharmacist.text
