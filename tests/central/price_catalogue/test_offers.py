"""What pharmacies tell of their stock, and where patients find a medicine."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.price_catalogue.model import MOST_PACKAGES, Stocked, box_around
from esoz.central.price_catalogue.wire import AssortmentBody, StockedBody
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered
from tests.central.prescriptions.conftest import ready
from tests.factories.prescriptions import dosage
from tests.factories.world import Caller, World


def path_of(pharmacist: Caller) -> str:
    return f"/api/pharmacy/divisions/{pharmacist.division_id}/assortment"


def item(medication_id: object, price: float = 100, *, available: bool = True) -> dict[str, Any]:
    return {"medication_id": str(medication_id), "package_price": price, "available": available}


async def tell(pharmacist: Caller, *items: dict[str, Any]) -> httpx.Response:
    return await pharmacist.put(path_of(pharmacist), {"assortment": list(items)})


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["entry"], each["rules"][0]["rule"]) for each in answer.json()["error"]["invalid"]]


async def packages(db: Connection) -> list[UUID]:
    """Packages of the medicine that is prescribed, from the smallest on."""
    rows = await db.fetch(
        "select id from medications where innm_dosage_id = $1 order by package_qty, id", await dosage(db)
    )
    return [row["id"] for row in rows]


async def place(db: Connection, pharmacist: Caller, latitude: float, longitude: float) -> None:
    await db.execute(
        "update divisions set latitude = $2, longitude = $3 where id = $1",
        pharmacist.division_id,
        latitude,
        longitude,
    )


# DR-7
class TestAssortment:
    async def test_told_then_counted_and_in_the_log(self, stocked: None, pharmacist: Caller, db: Connection) -> None:
        first, second, *_ = await packages(db)
        told = answered(await tell(pharmacist, item(first, 99.999), item(second, available=False)))["data"]
        assert (told["division_id"], told["packages"], told["available"]) == (str(pharmacist.division_id), 2, 1)
        assert await db.fetchval("select package_price::text from pharmacy_packages where is_available") == "100.00"
        facts = await db.fetchval("select facts from audit_events where event = 'pharmacy_assortment.told'")
        assert facts["packages"] == 2

    async def test_told_again_then_replaced(self, stocked: None, pharmacist: Caller, db: Connection) -> None:
        first, second, *_ = await packages(db)
        await tell(pharmacist, item(first), item(second))
        await tell(pharmacist, item(second, 50))
        rows = await db.fetch("select medication_id, package_price from pharmacy_packages")
        assert [(row["medication_id"], row["package_price"]) for row in rows] == [(second, 50)]
        assert answered(await tell(pharmacist))["data"]["packages"] == 0
        assert await db.fetchval("select count(*) from pharmacy_packages") == 0

    async def test_of_another_pharmacy_or_nobody_then_not_found(
        self, stocked: None, pharmacist: Caller, other_pharmacist: Caller
    ) -> None:
        for path in (path_of(other_pharmacist), path_of(pharmacist).replace(str(pharmacist.division_id), str(uuid4()))):
            assert (await pharmacist.put(path, {"assortment": []})).status_code == 404

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        assert (await tell(doctor)).status_code == 403

    @pytest.mark.parametrize(
        ("what", "message"),
        [("division", "Division is not active"), ("legal entity", "Legal entity is not active")],
    )
    async def test_by_one_that_is_closed_then_409(
        self, pharmacist: Caller, db: Connection, what: str, message: str
    ) -> None:
        if what == "division":
            await db.execute("update divisions set status = 'INACTIVE' where id = $1", pharmacist.division_id)
        else:
            await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", pharmacist.client_id)
        answer = await tell(pharmacist)
        assert (answer.status_code, answer.json()["error"]["message"]) == (409, message)

    async def test_by_a_clinic_then_409(self, pharmacist: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set type = 'PRIMARY_CARE' where id = $1", pharmacist.client_id)
        assert (await tell(pharmacist)).status_code == 409

    async def test_faults_then_each_is_named(self, stocked: None, pharmacist: Caller, db: Connection) -> None:
        first, second, *_ = await packages(db)
        answer = await tell(pharmacist, item(first), item(first), item(uuid4()), item(second, 0))
        assert faults(answer) == [
            ("$.assortment[1].medication_id", "unique"),
            ("$.assortment[2].medication_id", "invalid"),
            ("$.assortment[3].package_price", "number"),
        ]
        answer = await tell(pharmacist, item(first, -1), item(second, 1e12))
        assert faults(answer) == [
            ("$.assortment[0].package_price", "number"),
            ("$.assortment[1].package_price", "number"),
        ]
        assert await db.fetchval("select count(*) from pharmacy_packages") == 0

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"assortment": None},
            {"assortment": [{"medication_id": str(uuid4()), "available": True}]},
            {"assortment": [{"medication_id": "x", "package_price": 1, "available": True}]},
            {"assortment": [{"medication_id": str(uuid4()), "package_price": 1, "available": "yes"}]},
            {"assortment": [], "more": 1},
        ],
    )
    async def test_odd_body_then_422(self, pharmacist: Caller, body: object) -> None:
        assert (await pharmacist.put(path_of(pharmacist), body)).status_code == 422

    async def test_more_than_a_pharmacy_has_then_422(self, pharmacist: Caller) -> None:
        assert faults(await tell(pharmacist, *[item(uuid4()) for _ in range(MOST_PACKAGES + 1)])) == [
            ("$.assortment", "length")
        ]

    async def test_two_at_once_then_one_of_them_whole(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        await ready(fresh_world, fresh_database, dependencies, clock)
        async with fresh_database.transaction() as db:
            known = await packages(Work(NOBODY, clock.now(), db, dependencies).db)
        lists = [[item(id, price) for id in known] for price in (10, 20, 30, 40)]
        answers = await asyncio.gather(*(tell(fresh_world.pharmacist, *each) for each in lists))
        assert {each.status_code for each in answers} == {200}
        async with fresh_database.connection() as db:
            rows = await db.fetch("select distinct package_price from pharmacy_packages")
            count = await db.fetchval("select count(*) from pharmacy_packages")
        assert (len(rows), count) == (1, len(known))


def offers_of(prescription: dict[str, Any]) -> str:
    return f"/api/pis/medication_requests/{prescription['id']}/offers"


# DR-8
class TestOffers:
    async def found(self, patient: Caller, prescription: dict[str, Any], **query: object) -> list[dict[str, Any]]:
        data: list[dict[str, Any]] = answered(await patient.get(offers_of(prescription), **query))["data"]
        return data

    async def test_two_pharmacies_then_the_cheapest_for_a_unit_first(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        small, *_, large = await packages(db)
        await tell(world.pharmacist, item(small, 40))
        await tell(world.other_pharmacist, item(large, 60), item(small, 41, available=False))
        cheap, dear = await self.found(world.patient, prescription)
        quantity = await db.fetchval("select package_qty from medications where id = $1", large)
        assert cheap["medication"]["id"] == str(large)
        assert cheap["unit_price"] == round(60 / float(quantity), 4)
        assert (dear["package_price"], dear["patient_price"]) == (40, 40)
        assert dear["division"]["id"] == str(world.pharmacist.division_id)
        assert "distance_km" not in dear and "reimbursement_amount" not in dear
        assert dear["division"]["addresses"][0]["settlement"]
        log = answered(await world.patient.get("/api/pis/access_log", page_size=5))["data"]
        assert "prescription.offers_read" in [each["event"] for each in log]

    async def test_around_a_point_then_with_distance_and_none_too_far(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        package = (await packages(db))[0]
        await place(db, world.pharmacist, 50.4501, 30.5234)
        await place(db, world.other_pharmacist, 50.4501, 30.6234)
        for pharmacist in (world.other_pharmacist, world.pharmacist):
            await tell(pharmacist, item(package))
        near, far = await self.found(world.patient, prescription, latitude=50.4501, longitude=30.5234)
        # One tenth of a degree on this circle is 111.19 km · cos 50.45° / 10.
        assert (near["distance_km"], far["distance_km"]) == (0, 7.1)
        assert near["division"]["id"] == str(world.pharmacist.division_id)
        assert await self.found(world.patient, prescription, latitude=48.0, longitude=30.5234) == []

    async def test_in_a_settlement_then_those_of_it(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        await tell(world.pharmacist, item((await packages(db))[0]))
        own = await db.fetchval(
            "select addresses -> 0 ->> 'settlement_id' from divisions where id = $1", world.pharmacist.division_id
        )
        assert len(await self.found(world.patient, prescription, settlement_id=own)) == 1
        assert await self.found(world.patient, prescription, settlement_id=uuid4()) == []

    async def test_told_long_ago_then_not_shown(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        await tell(world.pharmacist, item((await packages(db))[0]))
        for back, shown in ((timedelta(hours=23, minutes=59), 1), (timedelta(hours=24), 0)):
            await db.execute("update pharmacy_assortments set told_at = $1", world.pharmacist.now - back)
            assert len(await self.found(world.patient, prescription)) == shown

    @pytest.mark.parametrize(
        "ending",
        [
            "update divisions set status = 'INACTIVE'",
            "update legal_entities set status = 'CLOSED'",
            "update medications set is_active = false",
            "update program_medications set is_active = false",
            "update program_medications set start_date = '2027-01-01'",
            "update program_medications set end_date = '2026-11-21'",
        ],
    )
    async def test_where_it_cannot_be_bought_then_not_shown(
        self, prescription: dict[str, Any], world: World, db: Connection, ending: str
    ) -> None:
        await tell(world.pharmacist, item((await packages(db))[0]))
        assert len(await self.found(world.patient, prescription)) == 1
        await db.execute(ending)
        assert await self.found(world.patient, prescription) == []

    async def test_the_state_pays_then_what_is_left_for_the_patient(
        self, prescription: dict[str, Any], world: World, db: Connection
    ) -> None:
        paid, unpaid, *_ = await packages(db)
        query = "update program_medications set reimbursement_amount = $3 where medical_program_id = $1"
        for package, amount in ((paid, 30), (unpaid, 200)):
            await db.execute(f"{query} and medication_id = $2", ANTIBIOTICS_PROGRAMME, package, amount)
        await tell(world.pharmacist, item(paid), item(unpaid))
        free, cut = await self.found(world.patient, prescription)
        assert (free["patient_price"], free["unit_price"], free["reimbursement_amount"]) == (0, 0, 200)
        assert (cut["patient_price"], cut["package_price"]) == (70, 100)

    async def test_pages_then_make_the_whole(self, prescription: dict[str, Any], world: World, db: Connection) -> None:
        for pharmacist in (world.pharmacist, world.other_pharmacist):
            await tell(pharmacist, *[item(id) for id in await packages(db)])
        whole = await self.found(world.patient, prescription)
        assert len(whole) > 3
        pages = [
            await self.found(world.patient, prescription, page=number, page_size=2)
            for number in range(1, len(whole) // 2 + 2)
        ]
        assert [each for page in pages for each in page] == whole

    async def test_of_another_patient_then_not_found(self, world: World) -> None:
        assert (await world.patient.get(f"/api/pis/medication_requests/{uuid4()}/offers")).status_code == 404

    async def test_by_a_pharmacist_then_403(self, prescription: dict[str, Any], pharmacist: Caller) -> None:
        assert (await pharmacist.get(offers_of(prescription))).status_code == 403

    async def test_of_one_that_is_over_then_409(
        self, prescription: dict[str, Any], patient: Caller, clock: FixedClock, db: Connection
    ) -> None:
        await db.execute("update medication_requests set last_day = '2026-11-21'")
        answer = await patient.get(offers_of(prescription))
        assert (answer.status_code, answer.json()["error"]["message"]) == (409, "Medication request is not active")

    @pytest.mark.parametrize(
        ("query", "entry"),
        [
            ({"latitude": 50}, "$.longitude"),
            ({"longitude": 30}, "$.latitude"),
            ({"latitude": 91, "longitude": 30}, "$.latitude"),
            ({"latitude": 50, "longitude": "nan"}, "$.longitude"),
            ({"settlement_id": "x"}, "$.settlement_id"),
            ({"more": 1}, "$.more"),
        ],
    )
    async def test_odd_place_then_422_by_name(
        self, prescription: dict[str, Any], patient: Caller, query: dict[str, object], entry: str
    ) -> None:
        assert [name for name, _ in faults(await patient.get(offers_of(prescription), **query))] == [entry]

    @pytest.mark.parametrize(("latitude", "longitude"), [(90, 0), (-90, 180), (0, -180)])
    async def test_ends_of_the_earth_then_nothing(
        self, prescription: dict[str, Any], patient: Caller, latitude: int, longitude: int
    ) -> None:
        assert await self.found(patient, prescription, latitude=latitude, longitude=longitude) == []


def test_box_around_kyiv_then_the_circle_is_in_it() -> None:
    box = box_around(50.45, 30.52, 50)
    assert (round(box.north - 50.45, 2), round(box.east - 30.52, 2)) == (0.45, 0.71)


def test_prices_when_odd_then_rounded_or_left_to_the_rule() -> None:
    body = AssortmentBody([StockedBody(UUID(int=1), Decimal(text), True) for text in ("0.005", "NaN", "1e30")])
    prices = [each.package_price for each in body.packages]
    assert isinstance(body.packages[0], Stocked)
    assert prices[0] == Decimal("0.01") and prices[1].is_nan() and prices[2] == Decimal("1e30")
