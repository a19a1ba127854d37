"""Wholesale supply without a prescription: requests recorded once, supplied by in parts, taken back; who may."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import statistics, uploads
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import dosage, package_of, stock
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

REQUESTS = "/api/pharmacy/wholesale_requests"
SUPPLIES = "/api/pharmacy/wholesale_supplies"
TWICE = "Request with such number and date of this institution is recorded already"
MISSING = "Documents WHOLESALE_REQUEST is not uploaded"
NO_LICENSE = "Legal entity has no license for trade with medicines on this day"
OVER = "Wholesale supply without a prescription is allowed under martial law only"
DAY = date(2026, 12, 31)  # not before the clock of the tests


@dataclass(frozen=True)
class Supplying:
    """A pharmacist with packages of ten, and a request for two hundred capsules."""

    pharmacist: Caller
    dosage_id: UUID
    package_id: UUID
    today: date

    def request(self, **changes: Any) -> dict[str, Any]:
        request = {
            "division_id": str(self.pharmacist.division_id),
            "requester_type": "MILITARY_UNIT",
            "requester_name": "Військова частина А0000",
            "requester_edrpou": "40000029",
            "responsible_name": "Ковальчук Ґалина Їжаківна",
            "responsible_position": "начальниця медичної служби",
            "number": "12/3-456",
            "requested_at": str(self.today),
            "medicines": [{"medication_id": str(self.dosage_id), "medication_qty": 200}],
        } | changes
        return {name: value for name, value in request.items() if value is not None}

    async def record(self, **changes: Any) -> httpx.Response:
        return await self.pharmacist.post(REQUESTS, self.request(**changes))

    async def scanned(self, work: Work, **changes: Any) -> dict[str, Any]:
        """A recorded request whose scan has come."""
        made = answered(await self.record(**changes), 201)["data"]
        await uploads.receive(work, uploads.Place("wholesale_requests", UUID(made["id"]), "WHOLESALE_REQUEST"), jpeg())
        return dict(made)

    def content(self, request: Mapping[str, Any], quantity: Any, **changes: Any) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "wholesale_request_id": request["id"],
            "division_id": str(self.pharmacist.division_id),
            "supplied_at": str(self.today),
            "received_by": "Ткаченко Остап Іванович",
            "dispense_details": [{"medication_id": str(self.package_id), "medication_qty": quantity}],
        } | changes

    async def give(self, request: Mapping[str, Any], quantity: Any, **changes: Any) -> httpx.Response:
        return await self.send(self.pharmacist.sign(self.content(request, quantity, **changes)))

    async def send(self, document: str) -> httpx.Response:
        body = {"signed_wholesale_supply": document, "signed_content_encoding": "base64"}
        return await self.pharmacist.post(SUPPLIES, body)

    def by(self, pharmacist: Caller) -> "Supplying":
        return replace(self, pharmacist=pharmacist)


@pytest.fixture
async def supplying(pharmacist: Caller, db: Connection, work: Work, stocked: None) -> Supplying:
    dosage_id = await dosage(db)
    return Supplying(pharmacist, dosage_id, await package_of(db, dosage_id, 10), work.today)


async def counted(db: Connection) -> int:
    asked = statistics.Asked(statistics.read_period("all", DAY), statistics.Slice())
    told = await statistics.Teller(db, 1, DAY).table(asked, statistics.TIME)
    return told.total.numbers["supplied_wholesale"] or 0


async def without_license(db: Connection, supplying: Supplying, **changes: object) -> None:
    """What the licence of the pharmacy is now."""
    for name, value in changes.items():
        await db.execute(
            f"update licenses set {name} = $1 where legal_entity_id = $2", value, supplying.pharmacist.client_id
        )


class TestRecord:
    async def test_request_then_recorded_and_its_scan_is_waited_for(self, supplying: Supplying) -> None:
        made = answered(await supplying.record(), 201)["data"]
        assert {name: made[name] for name in ("status", "requester_type", "number", "requested_at")} == {
            "status": "ACTIVE",
            "requester_type": "MILITARY_UNIT",
            "number": "12/3-456",
            "requested_at": "2026-11-22",
        }
        assert made["remaining"] == [{"medication_id": str(supplying.dosage_id), "medication_qty": 200}]
        [document] = made["documents"]
        assert (document["type"], document["has_come"]) == ("WHOLESALE_REQUEST", False) and document["url"]
        assert answered(await supplying.pharmacist.get(f"{REQUESTS}/{made['id']}"))["data"] == made

    # WS-2
    async def test_same_request_when_again_or_elsewhere_then_409(
        self, supplying: Supplying, other_pharmacist: Caller
    ) -> None:
        made = answered(await supplying.record(), 201)["data"]
        assert refusal(await supplying.record()) == (409, "", TWICE)
        assert refusal(await supplying.by(other_pharmacist).record(number="№ 12/3 456")) == (409, "", TWICE)
        assert (await supplying.by(other_pharmacist).record(requester_edrpou="40000035")).status_code == 201
        path = f"{REQUESTS}/{made['id']}/actions/cancel"
        assert (await other_pharmacist.patch(path, {"error_reason": "Помилка в номері"})).status_code == 404
        assert (await supplying.pharmacist.patch(path, {"error_reason": "Помилка в номері"})).status_code == 200
        assert (await supplying.by(other_pharmacist).record()).status_code == 201

    # WS-1, WS-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"requester_type": "FRIEND"}, "$.requester_type"),
            ({"requester_name": "А"}, "$.requester_name"),
            ({"requester_edrpou": "4000002"}, "$.requester_edrpou"),
            ({"responsible_name": None}, "$.responsible_name"),
            ({"responsible_position": " " * 10}, "$.responsible_position"),
            ({"number": "--"}, "$.number"),
            ({"number": "9" * 51}, "$.number"),
            ({"requested_at": "2026-11-23"}, "$.requested_at"),
            ({"requested_at": "2026-02-30"}, "$.requested_at"),
            ({"medicines": []}, "$.medicines"),
            ({"medicines": [{"medication_id": str(uuid4()), "medication_qty": 1}]}, "$.medicines[0].medication_id"),
            ({"medicines": [{"medication_id": str(uuid4()), "medication_qty": 0}]}, "$.medicines[0].medication_qty"),
            ({"division_id": str(uuid4())}, "$.division_id"),
            ({"person_id": str(uuid4())}, "$.person_id"),
        ],
    )
    async def test_request_when_odd_then_refused_by_name(
        self, supplying: Supplying, changes: dict[str, Any], entry: str
    ) -> None:
        answer = await supplying.record(**changes)
        assert (answer.status_code, answer.json()["error"]["invalid"][0]["entry"]) == (422, entry), answer.text

    # WS-3
    async def test_medicine_when_of_a_strict_form_then_refused(self, supplying: Supplying, db: Connection) -> None:
        await db.execute("update innm_dosages set mr_blank_type = 'F-3'")
        assert refusal(await supplying.record())[2] == "Medication is dispensed by electronic prescription only"

    async def test_by_a_doctor_then_403(self, supplying: Supplying, doctor: Caller) -> None:
        assert (await supplying.by(doctor).record()).status_code == 403

    # WS-1
    async def test_after_martial_law_then_refused_and_on_its_last_day_not(
        self, supplying: Supplying, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        last = [supplying.today - timedelta(days=1)]
        monkeypatch.setattr(Settings, "day", lambda _self, _name: last[0])
        assert refusal(await supplying.record()) == (409, "", OVER)
        last[0] = supplying.today
        assert (await supplying.record()).status_code == 201

    # WS-4
    async def test_license_then_counts_to_its_last_day_and_one_for_wholesale_will_do(
        self, supplying: Supplying, db: Connection
    ) -> None:
        await without_license(db, supplying, expiry_date=supplying.today - timedelta(days=1))
        assert refusal(await supplying.record()) == (409, "", NO_LICENSE)
        await without_license(db, supplying, expiry_date=supplying.today, type="NARCOTIC_DRUGS")
        assert refusal(await supplying.record()) == (409, "", NO_LICENSE)
        await without_license(db, supplying, type="WHOLESALE_DRUGS")
        assert (await supplying.record()).status_code == 201


# WS-5
class TestSupply:
    async def test_in_parts_then_up_to_what_was_asked_for_and_counted_apart(
        self, supplying: Supplying, work: Work, db: Connection
    ) -> None:
        made = await supplying.scanned(work)
        first = answered(await supplying.give(made, 150), 201)["data"]
        assert (first["status"], first["remaining"][0]["medication_qty"]) == ("ACTIVE", 50)
        assert first["supplies"][0]["received_by"] == "Ткаченко Остап Іванович"
        words = "Medication quantity must be less or equal to what is left of the request"
        assert refusal(await supplying.give(made, 60)) == (422, "$.dispense_details[0].medication_qty", words)
        second = answered(await supplying.give(made, 50), 201)["data"]
        assert (second["status"], len(second["supplies"])) == ("COMPLETED", 2)
        assert refusal(await supplying.give(made, 10)) == (409, "", "Wholesale request is not active")
        assert await counted(db) == 2 and (await statistics.totals(db)).dispensed == 0
        assert await db.fetchval("select count(*) from audit_events where event = 'wholesale_supply.created'") == 2

    async def test_before_the_scan_has_come_then_409(self, supplying: Supplying) -> None:
        made = answered(await supplying.record(), 201)["data"]
        assert refusal(await supplying.give(made, 10)) == (409, "", MISSING)

    async def test_package_when_of_another_medicine_then_refused(
        self, supplying: Supplying, work: Work, db: Connection
    ) -> None:
        made = await supplying.scanned(work)
        row = await db.fetchrow(
            "select id, package_min_qty from medications where innm_dosage_id <> $1 limit 1", supplying.dosage_id
        )
        details = [{"medication_id": str(row["id"]), "medication_qty": float(row["package_min_qty"])}]
        answer = await supplying.give(made, 0, dispense_details=details)
        assert refusal(answer)[1:] == ("$.dispense_details[0].medication_id", "Medication is not in this request")

    # WS-3, WT-5
    @pytest.mark.parametrize(("days", "status"), [(-15, 422), (-14, 201), (-11, 201), (0, 201), (1, 422)])
    async def test_day_then_not_to_come_and_not_too_long_ago(
        self, supplying: Supplying, work: Work, days: int, status: int
    ) -> None:
        made = await supplying.scanned(work, requested_at=str(work.today - timedelta(days=20)))
        day = str(work.today + timedelta(days=days))
        assert (await supplying.give(made, 10, supplied_at=day)).status_code == status

    # WS-3
    async def test_day_when_before_the_request_then_refused(self, supplying: Supplying, work: Work) -> None:
        made = await supplying.scanned(work)
        day = str(work.today - timedelta(days=1))
        assert refusal(await supplying.give(made, 10, supplied_at=day))[1] == "$.supplied_at"

    # WS-4
    async def test_license_when_it_began_later_then_refused_by_the_day_of_the_supply(
        self, supplying: Supplying, work: Work, db: Connection
    ) -> None:
        made = await supplying.scanned(work, requested_at=str(work.today - timedelta(days=2)))
        await without_license(db, supplying, active_from_date=work.today)
        day = str(work.today - timedelta(days=1))
        assert refusal(await supplying.give(made, 10, supplied_at=day)) == (409, "", NO_LICENSE)
        assert (await supplying.give(made, 10)).status_code == 201

    async def test_document_when_again_then_nothing_changes_and_another_with_its_id_is_refused(
        self, supplying: Supplying, work: Work, db: Connection
    ) -> None:
        made = await supplying.scanned(work)
        content = supplying.content(made, 10)
        document = supplying.pharmacist.sign(content)
        first = answered(await supplying.send(document), 201)["data"]
        assert first == answered(await supplying.send(document), 201)["data"]
        other = await supplying.give(made, 10, id=content["id"], note="Інше")
        assert refusal(other) == (409, "", "Such record already exists") and await counted(db) == 1

    async def test_by_another_supplier_then_not_found(
        self, supplying: Supplying, work: Work, other_pharmacist: Caller
    ) -> None:
        made = await supplying.scanned(work)
        assert (await supplying.by(other_pharmacist).give(made, 10)).status_code == 404
        assert (await other_pharmacist.get(f"{REQUESTS}/{made['id']}")).status_code == 404
        assert refusal(await supplying.send(other_pharmacist.sign(supplying.content(made, 10))))[2] == (
            "Does not match the signer drfo"
        )

    async def test_taken_back_then_left_again_and_no_longer_counted(
        self, supplying: Supplying, work: Work, db: Connection, other_pharmacist: Caller
    ) -> None:
        made = await supplying.scanned(work)
        [given] = answered(await supplying.give(made, 200), 201)["data"]["supplies"]
        reason, path = {"error_reason": "Частина не приїхала"}, f"{SUPPLIES}/{given['id']}/actions/cancel"
        cancelled = await supplying.pharmacist.patch(f"{REQUESTS}/{made['id']}/actions/cancel", reason)
        assert refusal(cancelled)[2] == "Wholesale request is supplied, its supplies must be cancelled before"
        assert (await other_pharmacist.patch(path, reason)).status_code == 404
        assert (await supplying.pharmacist.patch(path, {"error_reason": "а"})).status_code == 422
        back = answered(await supplying.pharmacist.patch(path, reason))["data"]
        assert (back["status"], back["remaining"][0]["medication_qty"]) == ("ACTIVE", 200)
        assert await counted(db) == 0 and (await supplying.pharmacist.patch(path, reason)).status_code == 409


class TestLists:
    async def test_requests_then_filters_name_what_they_say(
        self, supplying: Supplying, work: Work, other_pharmacist: Caller
    ) -> None:
        made = answered(await supplying.record(), 201)["data"]
        old = str(work.today - timedelta(days=40))
        answered(await supplying.record(number="777", requested_at=old, requester_type="CHARITY"), 201)
        for query, count in (
            ({}, 2),
            ({"number": "12/3"}, 1),
            ({"status": "ACTIVE"}, 2),
            ({"status": "COMPLETED"}, 0),
            ({"requester_type": "CHARITY"}, 1),
            ({"requester_edrpou": "40000029"}, 2),
            ({"requester": "частина"}, 2),
            ({"requester": "лікарня"}, 0),
            ({"medication": "Амоксицилін"}, 2),
            ({"division_id": made["division"]["id"]}, 2),
            ({"requested_from": str(work.today)}, 1),
            ({"requested_to": old}, 1),
            ({"recorded_from": "2026-11-22", "recorded_to": "2026-11-22"}, 2),
            ({"recorded_to": "2026-11-21"}, 0),
        ):
            found = answered(await supplying.pharmacist.get(REQUESTS, **query))
            assert found["paging"]["total_entries"] == count, query
        assert answered(await other_pharmacist.get(REQUESTS))["data"] == []

    async def test_supplies_then_each_with_whose_request_it_was_by(
        self, supplying: Supplying, work: Work, other_pharmacist: Caller
    ) -> None:
        made = await supplying.scanned(work)
        answered(await supplying.give(made, 10), 201)
        answered(await supplying.give(made, 20), 201)
        for query, count in (
            ({}, 2),
            ({"status": "COMPLETED"}, 2),
            ({"status": "ENTERED_IN_ERROR"}, 0),
            ({"medication": "амоксицилін"}, 2),
            ({"wholesale_request_id": made["id"]}, 2),
            ({"wholesale_request_id": str(uuid4())}, 0),
            ({"division_id": made["division"]["id"]}, 2),
            ({"supplied_from": str(work.today), "supplied_to": str(work.today)}, 2),
            ({"supplied_to": str(work.today - timedelta(days=1))}, 0),
        ):
            found = answered(await supplying.pharmacist.get(SUPPLIES, **query))
            assert found["paging"]["total_entries"] == count, query
        [first, _] = answered(await supplying.pharmacist.get(SUPPLIES))["data"]
        assert first["wholesale_request"]["requester_name"] == "Військова частина А0000"
        assert answered(await other_pharmacist.get(SUPPLIES))["data"] == []


async def _fresh(world: World, database: Database, dependencies: Dependencies, clock: FixedClock) -> Supplying:
    async with database.transaction() as db:
        work = Work(NOBODY, clock.now(), db, dependencies)
        await stock(work, "амоксицилін")
        dosage_id = await dosage(db)
        return Supplying(world.pharmacist, dosage_id, await package_of(db, dosage_id, 10), work.today)


# WS-2, WS-5
async def test_at_once_then_recorded_once_and_never_more_than_was_asked_for(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    supplying = await _fresh(fresh_world, fresh_database, dependencies, clock)
    other = supplying.by(fresh_world.other_pharmacist)
    answers = await asyncio.gather(*(each.record() for each in (supplying, other) * 4))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7], [each.text for each in answers]
    async with fresh_database.transaction() as db:
        made = await supplying.scanned(Work(NOBODY, clock.now(), db, dependencies), number="777")
    answers = await asyncio.gather(*(supplying.give(made, 100) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
