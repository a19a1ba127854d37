"""The public page and its files: the same numbers, small ones hidden, no address that breaks it."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from esoz.central.site import make_site
from esoz.central.statistics import TOLD
from esoz.central.statistics.model import read_period
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Rejected
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies
from tests.central.conftest import OneConnection
from tests.central.statistics.test_counting import a_day, fold
from tests.factories.prescriptions import Dispensing, Prescribing

DAY = date(2026, 11, 30)


@pytest.fixture
async def public(
    database: OneConnection, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser."""
    site = make_site(database, dependencies, clock, Settings({"ESOZ_CENTRAL_URL": "https://central.test"}))
    transport = httpx.ASGITransport(site)
    async with httpx.AsyncClient(transport=transport, base_url="https://central.test") as client:
        yield client


async def count(db: Connection, region: str, day: date, *, written: int, redeemed: int = 0) -> None:
    """So many prescriptions, without people who write them."""
    for name, value in (("written", written), ("redeemed", redeemed)):
        await db.execute(
            "insert into uncounted (day, counter, value, region) values ($1, $2, $3, $4)", day, name, value, region
        )


@pytest.fixture
async def counted(db: Connection, clock: FixedClock) -> str:
    """A month with three regions, one of which has a small number on one day; its name in addresses."""
    await db.execute("delete from uncounted")
    month = clock.now().date().replace(day=1)
    for day, counts in ((1, (3, 40, 50)), (2, (60, 70, 80))):
        for region, written in zip(("Волинська", "Київська", "Одеська"), counts, strict=True):
            await count(db, region, month.replace(day=day), written=written, redeemed=written // 2)
    await fold(db)
    return f"{month:%Y-%m}"


async def lines(public: httpx.AsyncClient, **query: str) -> dict[str, dict]:
    answer = await public.get("/statistics.json", params=query)
    assert answer.status_code == 200, answer.text
    content = answer.json()
    return {line["key"]: line for line in content["lines"]} | {"": content["total"]}


class TestFiles:
    async def test_of_acts_then_page_json_and_csv_have_the_same_numbers(
        self, prescribing: Prescribing, dispensing: Dispensing, public: httpx.AsyncClient, db: Connection
    ) -> None:
        await a_day(prescribing, dispensing, db)
        await db.execute("update uncounted set value = value * 7 where counter in ('written', 'redeemed', 'dispensed')")
        await fold(db)
        for by in ("time", "region", "programme", "substance"):
            found = await lines(public, by=by, period="all")
            assert (found[""]["written"], found[""]["redeemed"], found[""]["dispensed"]) == (28, 7, 21)
            assert sum(line["written"] for key, line in found.items() if key) == 28
            text = (await public.get("/statistics.csv", params={"by": by, "period": "all"})).content.decode("utf-8-sig")
            rows = {row["key"].removeprefix("total"): row for row in csv.DictReader(io.StringIO(text))}
            assert {key: [row[name] for name in TOLD] for key, row in rows.items()} == {
                key: ["" if line[name] is None else str(line[name]) for name in TOLD] for key, line in found.items()
            }
        html = (await public.get("/statistics?period=all")).text
        assert '<svg xmlns="http://www.w3.org/2000/svg"' not in html  # one year: nothing to compare
        assert "28" in html and "25.0" in html and "приховано" in html  # one was rejected

    # ST-3
    async def test_of_a_small_number_then_neither_the_day_nor_the_region_tells_it(
        self, public: httpx.AsyncClient, counted: str
    ) -> None:
        region = await lines(public, period=counted, region="Волинська")
        small = [key for key, line in region.items() if line["written"] is None]
        assert f"{counted}-01" in small and len(small) >= 2
        country = await lines(public, period=counted)
        others = [
            (await lines(public, period=counted, region=each))[f"{counted}-01"]["written"]
            for each in ("Київська", "Одеська")
        ]
        assert country[f"{counted}-01"]["written"] is None or None in others

    async def test_of_nothing_small_then_all_is_told(self, public: httpx.AsyncClient, counted: str) -> None:
        found = await lines(public, period=counted, by="region")
        assert {key: line["written"] for key, line in found.items()} == {
            "Волинська": 63,
            "Київська": 110,
            "Одеська": 130,
            "": 303,
        }
        assert found["Київська"]["share"] == 50.0

    async def test_when_a_visit_of_a_mistyped_year_is_counted_then_time_begins_with_the_first_prescription(
        self, public: httpx.AsyncClient, counted: str, db: Connection
    ) -> None:
        for folded in (False, True):
            await db.execute(
                "insert into uncounted (day, counter, value, region) values ('0026-11-22', 'visits', 1, 'Одеська')"
            )
            if folded:
                await fold(db)
            assert (await lines(public, period="all")).keys() == {f"{counted[:4]}-01-01", ""}
            assert (await public.get("/statistics")).text.count("<option") < 20

    async def test_asked_again_then_304_until_something_happens(
        self, public: httpx.AsyncClient, counted: str, db: Connection
    ) -> None:
        for name in ("csv", "json"):
            path = f"/statistics.{name}?period={counted}"
            tag = (await public.get(path)).headers["etag"]
            assert (await public.get(path, headers={"if-none-match": tag})).status_code == 304
            await count(db, "Одеська", date.fromisoformat(f"{counted}-02"), written=1)
            again = await public.get(path, headers={"if-none-match": tag})
            assert again.status_code == 200 and again.headers["etag"] != tag

    @pytest.mark.parametrize(
        ("query", "entry"),
        [
            ("period=2026-13", "$.period"),
            ("period=9999", "$.period"),
            ("period=%F0%9D%9F%A20026", "$.period"),
            ("period=2026-1-", "$.period"),
            ("region=*", "$.region"),
            ("programme=1", "$.programme"),
            ("substance=00000000-0000-0000-0000-000000000000", "$.substance"),
            ("by=day", "$.by"),
            ("by=region&region=%D0%9E%D0%B4%D0%B5%D1%81%D1%8C%D0%BA%D0%B0", "$.by"),
        ],
    )
    async def test_odd_then_422_naming_the_parameter_and_the_page_says_so(
        self, public: httpx.AsyncClient, counted: str, query: str, entry: str
    ) -> None:
        for name in ("csv", "json"):
            answer = await public.get(f"/statistics.{name}?{query}", headers={"accept": "application/json"})
            assert answer.status_code == 422, answer.text
            assert json.loads(answer.content)["error"]["invalid"][0]["entry"] == entry
        page = await public.get(f"/statistics?{query}")
        is_of_files = query.startswith("by=")  # the page has a table for each
        assert page.status_code == (200 if is_of_files else 422)
        assert ("Такого вибору немає" in page.text) is not is_of_files


class TestPage:
    async def test_of_a_month_then_chart_tables_and_links_to_their_files(
        self, public: httpx.AsyncClient, counted: str
    ) -> None:
        html = (await public.get("/statistics", params={"period": counted})).text
        assert 'role="img" aria-labelledby="chart-title chart-text"' in html and "<rect" in html
        assert f"/statistics.csv?period={counted}&amp;by=region" in html
        assert "Волинська" in html and "приховано" not in html
        html = (await public.get("/statistics", params={"period": counted, "region": "Волинська"})).text
        assert "приховано" in html

    async def test_before_anything_happened_then_it_says_so(self, public: httpx.AsyncClient, db: Connection) -> None:
        await db.execute("delete from uncounted")
        await db.execute("delete from statistics")
        html = (await public.get("/statistics")).text
        assert "нічого не пораховано" in html

    # ST-1
    async def test_when_fewer_than_the_least_were_written_ever_then_the_live_count_is_told_all_the_same(
        self, public: httpx.AsyncClient, db: Connection, clock: FixedClock
    ) -> None:
        await db.execute("delete from uncounted")
        await db.execute("delete from statistics")
        for counted in (4, 5):
            await count(db, "Одеська", clock.now().date(), written=4 if counted == 4 else 1)
            live, tables = (await public.get("/statistics?period=all")).text.split("</dl>", 1)
            assert re.search(rf"summary-list__value\">{counted}<", live) and "приховано" not in live
            assert ("приховано" in tables) is (counted == 4)
            assert re.search(rf"Виписано\D*{counted}", (await public.get("/")).text)


class TestPeriod:
    def test_of_names_then_the_time_they_stand_for(self) -> None:
        assert read_period("", DAY).name == "2026-11"
        assert [read_period(text, DAY).name for text in ("2026-02", "2025", "all")] == ["2026-02", "2025", "all"]
        assert read_period("2024-02", DAY).ends == date(2024, 2, 29)

    @pytest.mark.parametrize(
        "text", ["2026-12", "2027", "1999", "26", "2026-1", "20261", "2026-W1", "ⅯⅯⅩⅩ", "20260101"]
    )
    def test_of_what_is_none_or_not_yet_then_refused(self, text: str) -> None:
        with pytest.raises(Rejected):
            read_period(text, DAY)
