"""Price lists, the three cheapest, the public page, and the address of it that clinics get."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import price_catalogue
from esoz.central.medications import Medication, Strength
from esoz.central.price_catalogue import Priced
from esoz.central.price_catalogue.model import in_order, three_cheapest
from esoz.central.site.app import make_site
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, Work
from tests.central.answers import answered
from tests.factories.prescriptions import dosage
from tests.factories.world import Caller, World

HEADER = "medication_id,package_price,valid_from\n"
ONE = Strength(Decimal(1), "PILL", Decimal(1), "PILL")


def file(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows)).encode()


async def taken(work: Work, *rows: str) -> tuple[int, int, int]:
    done = await price_catalogue.import_prices(work, price_catalogue.read_prices(file(*rows)))
    return done.added, done.changed, done.removed


async def packages(db: Connection) -> list[UUID]:
    rows = await db.fetch("select id from medications where innm_dosage_id = $1 order by id", await dosage(db))
    return [row["id"] for row in rows]


def priced(name: str, price: str, quantity: int = 10, maker: str = "A") -> Priced:
    medication = Medication(
        id=uuid4(),
        innm_dosage_id=UUID(int=1),
        name=name,
        form="TABLET",
        manufacturer_name=maker,
        manufacturer_country="UA",
        code_atc=("C08CA01",),
        certificates=(),
        container=ONE,
        package_qty=Decimal(quantity),
        package_min_qty=Decimal(quantity),
    )
    return Priced(medication, Decimal(price), date(2026, 11, 1))


# DR-11
class TestThreeCheapest:
    def test_of_many_then_by_the_price_of_a_unit(self) -> None:
        dear, large, small, middle = priced("А", "99"), priced("Б", "60", 30), priced("В", "21"), priced("Г", "30")
        assert three_cheapest([dear, large, small, middle]) == {each.medication.id for each in (large, small, middle)}

    def test_of_one_medicine_in_two_packages_then_the_cheaper_one(self) -> None:
        small, large = priced("А", "20", 10), priced("А", "50", 30)
        other_maker = priced("А", "90", 10, "B")
        assert three_cheapest([small, large, other_maker]) == {large.medication.id, other_maker.medication.id}

    def test_of_equal_ones_then_always_the_same(self) -> None:
        equal = [priced(name, "10") for name in "ДГВБА"]
        first = {each.medication.id for each in equal if each.medication.name in "АБВ"}
        assert three_cheapest(equal) == three_cheapest(equal[::-1]) == first

    def test_of_none_then_none(self) -> None:
        assert three_cheapest([]) == frozenset()

    def test_price_that_does_not_divide_then_exact_where_it_is_compared(self) -> None:
        cheaper, dearer = priced("Б", "9999.99", 300000), priced("А", "10000.00", 300000)
        assert cheaper.unit_price == dearer.unit_price == Decimal("0.0333")
        assert in_order([dearer, cheaper])[0] is cheaper


class TestImport:
    async def test_again_then_nothing_changes_and_another_day_is_history(
        self, stocked: None, work: Work, db: Connection
    ) -> None:
        first, second = await packages(db)
        rows = (f"{first},100.005,2026-11-01", f"{second},50,2026-11-01")
        assert await taken(work, *rows) == (2, 0, 0)
        assert await taken(work, *rows) == (0, 0, 0)
        assert await taken(work, f"{first},90,2026-11-01", f"{first},80,2026-11-20", f"{second},,2026-11-22") == (
            2,
            1,
            1,
        )
        assert await db.fetchval("select count(*) from catalogue_prices") == 4
        found = await price_catalogue.prices(work, await dosage(db))
        assert [(each.medication.id, each.package_price) for each in found.packages] == [(first, 80)]

    async def test_day_in_kyiv_then_the_price_of_that_day(self, stocked: None, work: Work, db: Connection) -> None:
        first, _ = await packages(db)
        await taken(work, f"{first},100,2026-11-22", f"{first},70,2026-11-23")
        for hour, price in ((21, 100), (22, 70)):  # midnight in Kyiv
            later = Work(work.actor, work.now.replace(hour=hour), db, work.dependencies)
            found = await price_catalogue.prices(later, await dosage(db))
            assert [each.package_price for each in found.packages] == [price]

    async def test_with_faults_then_none_is_taken(self, stocked: None, work: Work, db: Connection) -> None:
        first, _ = await packages(db)
        with pytest.raises(ValueError, match=r"row 1: .*no such package; row 2: package_price must be greater than 0"):
            await taken(work, f"{uuid4()},1,2026-11-01", f"{first},0,2026-11-01")
        with pytest.raises(ValueError, match="two prices from 2026-11-01"):
            await taken(work, f"{first},1,2026-11-01", f"{first},2,2026-11-01")
        assert await db.fetchval("select count(*) from catalogue_prices") == 0

    @pytest.mark.parametrize(
        ("raw", "fault"),
        [
            (b"", "columns are missing: medication_id, package_price, valid_from"),
            ("\xefтест".encode("cp1251", "ignore"), "not in UTF-8"),
            (file("x,1,2026-11-01"), "line 2"),
            (file(f"{UUID(int=1)},1,"), "line 2"),
            (file(f"{UUID(int=1)},many,2026-11-01"), "line 2"),
            (file(f"{UUID(int=1)}"), "line 2"),
        ],
    )
    def test_of_an_odd_file_then_says_where(self, raw: bytes, fault: str) -> None:
        with pytest.raises(ValueError, match=fault):
            price_catalogue.read_prices(raw)


# DR-12
class TestLink:
    def path(self, prescription: dict[str, Any]) -> str:
        return (
            f"/api/persons/{prescription['person']['id']}/medication_requests/{prescription['id']}/price_catalog_link"
        )

    async def test_of_our_prescription_then_the_page_of_its_dosage_and_the_patient_is_told(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        found = answered(await world.doctor.get(self.path(prescription)))["data"]
        assert found["id"] == prescription["id"]
        assert found["price_catalog_link"].endswith(f"/prices/{await dosage(db)}")
        log = answered(await world.patient.get("/api/pis/access_log", page_size=5))["data"]
        assert "prescription.price_link_read" in [each["event"] for each in log]

    async def test_of_another_clinic_or_nobody_then_not_found(
        self, prescription: dict[str, Any], foreign_doctor: Caller, doctor: Caller
    ) -> None:
        assert (await foreign_doctor.get(self.path(prescription))).status_code == 404
        assert (await doctor.get(self.path(prescription | {"id": str(uuid4())}))).status_code == 404

    async def test_by_a_pharmacist_then_403(self, prescription: dict[str, Any], pharmacist: Caller) -> None:
        assert (await pharmacist.get(self.path(prescription))).status_code == 403


class TestPage:
    @pytest.fixture
    def http(self, database: Database, dependencies: Dependencies, clock: FixedClock) -> httpx.AsyncClient:
        settings = Settings({"ESOZ_CENTRAL_URL": "https://central.test"})
        transport = httpx.ASGITransport(make_site(database, dependencies, clock, settings))
        return httpx.AsyncClient(transport=transport, base_url="https://central.test")

    async def test_search_then_found_by_both_names(
        self, stocked: None, work: Work, db: Connection, http: httpx.AsyncClient
    ) -> None:
        assert "Цін поки немає" in (await http.get("/prices")).text
        await taken(work, *[f"{id},120,2026-11-01" for id in await packages(db)])
        for name in ("амокси", "AMOXI", "500"):
            assert f"/prices/{await dosage(db)}" in (await http.get("/prices", params={"name": name})).text
        for name in ("zzz", "%", "\\"):
            assert "Таких ліків із ціною немає" in (await http.get("/prices", params={"name": name})).text

    async def test_one_then_its_packages_by_price_with_the_cheapest_marked(
        self, stocked: None, work: Work, db: Connection, http: httpx.AsyncClient
    ) -> None:
        first, second = await packages(db)
        await taken(work, f"{first},120.50,2026-11-01", f"{second},10,2026-11-01")
        text = (await http.get(f"/prices/{await dosage(db)}")).text
        assert text.index("10,00") < text.index("120,50")
        assert text.count("серед найдешевших") == 2
        english = (await http.get(f"/prices/{await dosage(db)}", headers={"Accept-Language": "en"})).text
        assert "among the cheapest" in english

    async def test_without_prices_or_unknown_then_said(
        self, stocked: None, db: Connection, http: httpx.AsyncClient
    ) -> None:
        assert "цін у каталозі немає" in (await http.get(f"/prices/{await dosage(db)}")).text
        for id in (uuid4(), "x"):
            assert (await http.get(f"/prices/{id}")).status_code == 404
