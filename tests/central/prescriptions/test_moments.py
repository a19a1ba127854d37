"""What was shown at one moment and is signed, asked or sent at another: midnight, blocks, courses."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from esoz.central.prescriptions.periodic import expire_dispenses, expire_requests, lift_blocks
from esoz.kernel.clock import FixedClock, kyiv_date
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code, set_programme
from tests.factories.world import Caller


async def block(caller: Caller, request_id: str, **body: object) -> httpx.Response:
    path = f"/api/pharmacy/medication_requests/{request_id}/actions/block"
    answer = await caller.patch(path, {"block_reason_code": "BLOCK_WRONG_QTY_DRUG"} | body)
    assert answer.status_code == 200, answer.text
    return answer


# MD-9, MD-10, SG-7
class TestHoldFinishedLater:
    """A hold taken in time is finished in its ten minutes by the document that was shown at the hold."""

    @pytest.fixture
    async def held(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection, clock: FixedClock
    ) -> dict[str, object]:
        """Held at 23:58 in Kyiv, on the last day of dispensing."""
        await set_programme(db, medication_dispense_period_day=1)
        prescription = await prescribing.prescribe()
        clock.moment = datetime(2026, 11, 23, 21, 58, tzinfo=UTC)
        code = await sent_code(db, prescription["request_number"])
        held = await dispensing.hold(prescription["id"], 20, code, dispensed_at="2026-11-23")
        assert held.status_code == 201, held.text
        return dict(held.json()["data"])

    async def test_after_midnight_then_taken(
        self, *, held: dict, dispensing: Dispensing, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        clock.forward(timedelta(minutes=3))
        work.now = clock.now()
        await expire_requests(work)
        answer = await dispensing.process(held)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["medication_request"]["status"] == "COMPLETED"
        assert await db.fetchval("select status from medication_requests") == "COMPLETED"

    async def test_read_anew_after_midnight_then_the_same_document(
        self, held: dict, dispensing: Dispensing, pharmacist: Caller, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(minutes=3))
        again = (await pharmacist.get(f"/api/pharmacy/medication_dispenses/{held['id']}")).json()["data"]
        assert again == held
        assert (await dispensing.process(again)).status_code == 200

    async def test_after_its_ten_minutes_then_the_prescription_has_ended(
        self, *, held: dict, dispensing: Dispensing, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        clock.forward(timedelta(minutes=10))
        assert (await dispensing.process(held)).status_code == 409
        work.now = clock.now()
        await expire_dispenses(work)
        await expire_requests(work)
        assert await db.fetchval("select status from medication_requests") == "EXPIRED"
        refused = await dispensing.hold(str(held["medication_request"]["id"]), 20, "0000")
        assert refusal(refused) == (409, "", "Medication request is not active")

    async def test_blocked_by_another_pharmacy_then_taken(
        self, *, held: dict, dispensing: Dispensing, pharmacist: Caller, other_pharmacist: Caller, db: Connection
    ) -> None:
        request_id = held["medication_request"]["id"]
        await block(other_pharmacist, request_id)
        again = (await pharmacist.get(f"/api/pharmacy/medication_dispenses/{held['id']}")).json()["data"]
        assert again == held
        assert (await dispensing.process(held)).status_code == 200
        assert await db.fetchval("select status from medication_requests") == "COMPLETED"

    async def test_blocked_before_then_nothing_is_held(
        self, prescription: dict, code: str, dispensing: Dispensing, other_pharmacist: Caller
    ) -> None:
        await block(other_pharmacist, prescription["id"])
        refused = await dispensing.hold(prescription["id"], 20, code)
        assert refusal(refused) == (409, "", "Medication request is blocked")


class TestBlockWithAnEnd:
    """A block that has ended is told nowhere, whether or not the periodic task has been here."""

    @pytest.fixture
    async def blocked(self, prescription: dict, pharmacist: Caller, clock: FixedClock) -> dict[str, object]:
        """Blocked for five minutes."""
        await block(pharmacist, prescription["id"], blocked_to=(clock.now() + timedelta(minutes=5)).isoformat())
        return prescription

    async def told(
        self, request: dict, prescribing: Prescribing, pharmacist: Caller, patient: Caller
    ) -> dict[str, object]:
        """The reason of the block in the answer of every operation that shows the prescription."""
        id, number, of_patient = request["id"], request["request_number"], "/api/cabinet/medication_requests"
        ways = [
            (prescribing.doctor, f"{prescribing.requests}/{id}"),
            (prescribing.doctor, prescribing.requests),
            (pharmacist, f"/api/pharmacy/medication_requests/{number}"),
            (patient, f"{of_patient}/{id}"),
            (patient, of_patient),
        ]
        shown = {path: (await caller.get(path)).json()["data"] for caller, path in ways}
        whole = {path: data[0] if isinstance(data, list) else data for path, data in shown.items()}
        return {path: data.get("block_reason_code") for path, data in whole.items()}

    async def test_before_and_after_its_end_then_told_and_not_told(
        self, *, blocked: dict, prescribing: Prescribing, pharmacist: Caller, patient: Caller, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(minutes=5, seconds=-1))
        reasons = await self.told(blocked, prescribing, pharmacist, patient)
        assert set(reasons.values()) == {"BLOCK_WRONG_QTY_DRUG"}, reasons
        clock.forward(timedelta(seconds=1))
        reasons = await self.told(blocked, prescribing, pharmacist, patient)
        assert set(reasons.values()) == {None}, reasons

    async def test_ended_then_lifted_by_the_periodic_task(
        self, *, blocked: dict, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        query = "select is_blocked, blocked_to, block_reason_code, blocked_by_legal_entity from medication_requests"
        work.now = clock.now()
        await lift_blocks(work)
        assert (await db.fetchrow(query))["is_blocked"] is True
        clock.forward(timedelta(minutes=5))
        work.now = clock.now()
        await lift_blocks(work)
        assert tuple(await db.fetchrow(query)) == (False, None, None, None)
        assert (work.recorded[-1].event, work.recorded[-1].resource_id) == (
            "medication_request.unblocked",
            blocked["id"],
        )

    async def test_ended_then_blocked_again_by_another(
        self, blocked: dict, other_pharmacist: Caller, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(minutes=5))
        shown = (await block(other_pharmacist, blocked["id"])).json()["data"]
        assert shown["blocked_by_legal_entity"]["id"] == str(other_pharmacist.client_id)
        assert shown.get("blocked_to") is None

    # MR-17, SG-7
    async def test_shown_blocked_and_taken_back_after_its_end_then_taken(
        self, blocked: dict, prescribing: Prescribing, clock: FixedClock
    ) -> None:
        shown = (await prescribing.doctor.get(f"{prescribing.requests}/{blocked['id']}")).json()["data"]
        clock.forward(timedelta(minutes=5))
        assert (await prescribing.reject(blocked["id"], content=shown)).status_code == 200

    # MR-17, SG-7
    async def test_shown_open_blocked_meanwhile_and_taken_back_then_taken(
        self, prescription: dict, prescribing: Prescribing, pharmacist: Caller
    ) -> None:
        shown = (await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}")).json()["data"]
        await block(pharmacist, prescription["id"])
        assert (await prescribing.reject(prescription["id"], content=shown)).status_code == 200


# MR-4, MD-1
class TestClockAhead:
    """A clinic or pharmacy whose clock is a minute ahead has tomorrow's date already."""

    async def test_order_of_tomorrow_a_minute_before_midnight_then_taken_and_earlier_not(
        self, prescribing: Prescribing, clock: FixedClock
    ) -> None:
        tomorrow = str(prescribing.today + timedelta(days=1))
        clock.moment = datetime(2026, 11, 22, 21, 58, 59, tzinfo=UTC)
        assert (await prescribing.create(created_at=tomorrow, started_at=tomorrow)).status_code == 422
        clock.forward(timedelta(seconds=1))
        taken = await prescribing.create(created_at=tomorrow, started_at=tomorrow)
        assert taken.status_code == 201, taken.text

    async def test_order_of_yesterday_a_minute_after_midnight_then_taken_and_later_not(
        self, prescribing: Prescribing, clock: FixedClock
    ) -> None:
        clock.moment = datetime(2026, 11, 22, 22, 1, tzinfo=UTC) - timedelta(seconds=1)
        taken = await prescribing.create()
        assert taken.status_code == 201, taken.text
        clock.forward(timedelta(seconds=1))
        assert (await prescribing.create()).status_code == 422

    async def test_dispense_of_tomorrow_then_the_same(
        self, prescription: dict, code: str, dispensing: Dispensing, clock: FixedClock
    ) -> None:
        tomorrow = str(dispensing.today + timedelta(days=1))
        clock.moment = datetime(2026, 11, 22, 21, 58, 59, tzinfo=UTC)
        assert (await dispensing.hold(prescription["id"], 20, code, dispensed_at=tomorrow)).status_code == 422
        clock.forward(timedelta(seconds=1))
        taken = await dispensing.hold(prescription["id"], 20, code, dispensed_at=tomorrow)
        assert taken.status_code == 201, taken.text


# MR-8
class TestEarlierCourse:
    @pytest.fixture
    async def never_dispensed(self, prescribing: Prescribing, db: Connection, clock: FixedClock) -> Prescribing:
        """A course of thirty days that could be dispensed today only."""
        await set_programme(db, skip_mnn_in_treatment_period=False, medication_dispense_period_day=1)
        await prescribing.prescribe(ended_at=str(prescribing.today + timedelta(days=30)))
        return prescribing

    async def again(self, prescribing: Prescribing, clock: FixedClock) -> httpx.Response:
        today = kyiv_date(clock.now())
        dates = {"created_at": str(today), "started_at": str(today), "ended_at": str(today + timedelta(days=40))}
        return await prescribing.create(**dates)

    async def test_on_its_last_day_of_dispensing_then_too_early(
        self, never_dispensed: Prescribing, clock: FixedClock
    ) -> None:
        clock.moment = datetime(2026, 11, 23, 21, 59, tzinfo=UTC)
        assert (await self.again(never_dispensed, clock)).status_code == 422

    async def test_after_its_last_day_before_the_periodic_task_then_taken(
        self, never_dispensed: Prescribing, clock: FixedClock, db: Connection
    ) -> None:
        clock.moment = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        assert await db.fetchval("select status from medication_requests") == "ACTIVE"
        taken = await self.again(never_dispensed, clock)
        assert taken.status_code == 201, taken.text


# MD-1, DV-6
class TestLicenceOfThePharmacy:
    @pytest.fixture
    async def ending(self, dispensing: Dispensing, db: Connection) -> Dispensing:
        """The licence of the pharmacist's division ends today; the register's mark is not renewed."""
        await set_programme(db, skip_dispense_division_dls_verify=False)
        await db.execute(
            "insert into licensed_places (dls_id, edrpou, license_number, settlement_id, active_from_date, expiry_date,"
            " updated_at) values ('77', '1', '1', gen_random_uuid(), '2020-01-01', '2026-11-22', now())"
        )
        await db.execute(
            "update divisions set dls_id = '77', dls_verified = true where id = $1", dispensing.pharmacist.division_id
        )
        return dispensing

    async def test_on_its_last_day_then_held_and_finished_after_midnight_and_no_more_held(
        self, *, ending: Dispensing, prescription: dict, code: str, clock: FixedClock
    ) -> None:
        clock.moment = datetime(2026, 11, 22, 21, 58, tzinfo=UTC)
        held = await ending.held(prescription["id"], 10, code)
        clock.forward(timedelta(minutes=3))
        done = await ending.process(held)
        assert done.status_code == 200, done.text
        refused = await ending.hold(prescription["id"], 10, code, dispensed_at="2026-11-23")
        assert refusal(refused) == (409, "", "Invalid division dls status")
        # Handed over while it was licensed, and recorded late: MD-14.
        late = await ending.hold(prescription["id"], 10, code, dispensed_at="2026-11-22", note="Не було світла")
        assert late.status_code == 201, late.text
        assert (await ending.process(late.json()["data"])).status_code == 200
