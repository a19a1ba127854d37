"""Beginning to hand over medicines: quantities, codes, programmes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from esoz.central.programmes import ANTIBIOTICS_PROGRAMME, common_programmes, make_programmes
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import (
    Dispensing,
    Prescribing,
    package_of,
    set_programme,
    wrong,
)
from tests.factories.world import Caller

ROOT = "$.medication_dispense"


# MD-1
class TestCreate:
    async def test_with_the_code_then_held_as_published(
        self, dispensing: Dispensing, prescription: dict, code: str, pharmacist: Caller
    ) -> None:
        answer = await dispensing.hold(prescription["id"], 20, code, note="Пацієнт просив", dispensed_by="Іваненко")
        assert answer.status_code == 201, answer.text
        held = answer.json()["data"]
        assert {name: held[name] for name in ("status", "dispensed_at", "dispensed_by", "note", "inserted_by")} == {
            "status": "NEW",
            "dispensed_at": "2026-11-22",
            "dispensed_by": "Іваненко",
            "note": "Пацієнт просив",
            "inserted_by": str(pharmacist.user_id),
        }
        assert held["medication_request"]["status"] == "ACTIVE"
        assert set(held["medication_request"]["person"]) == {"short_name", "age"}
        assert held["legal_entity"]["id"] == str(pharmacist.client_id)
        assert held["division"]["id"] == str(pharmacist.division_id)
        [line] = held["details"]
        assert {name: line[name] for name in line if name not in ("medication", "program_medication_id")} == {
            "medication_qty": 20,
            "sell_price": 12.5,
            "sell_amount": 250,
            "discount_amount": 0,
            "reimbursement_amount": 0,
        }
        shown = await pharmacist.get(f"/api/pharmacy/medication_dispenses/{held['id']}")
        assert shown.json()["data"] == held

    # MD-5
    async def test_with_a_wrong_code_then_401_and_nothing_is_held(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        for text in (wrong(code), "0001", "0000", f"{code}0"):
            assert refusal(await dispensing.hold(prescription["id"], 20, text)) == (401, "", "Incorrect code")
        assert await db.fetchval("select wrong_codes from medication_requests") == 4
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 201
        assert await db.fetchval("select wrong_codes from medication_requests") == 0

    async def test_without_any_code_then_401_and_no_try_is_counted(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        body = dispensing.order(prescription["id"], 20)
        for sent in (body, body | {"code": None}, body | {"code": ""}):
            answer = await dispensing.pharmacist.post("/api/pharmacy/medication_dispenses", sent)
            assert refusal(answer) == (401, "", "Incorrect code")
        assert await db.fetchval("select wrong_codes from medication_requests") == 0

    @pytest.mark.parametrize("inside", [False, True])
    async def test_with_the_code_in_the_body_then_held(
        self, dispensing: Dispensing, prescription: dict, code: str, inside: bool, db: Connection
    ) -> None:
        def told(given: str) -> dict:
            body = dispensing.order(prescription["id"], 20)
            where = body["medication_dispense"] if inside else body
            where["code"] = given
            return body

        path = "/api/pharmacy/medication_dispenses"
        assert (await dispensing.pharmacist.post(path, told(wrong(code)))).status_code == 401
        assert await db.fetchval("select wrong_codes from medication_requests") == 1
        assert (await dispensing.pharmacist.post(path, told(code))).status_code == 201

    async def test_member_that_nobody_knows_then_refused_by_name(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        answer = await dispensing.hold(prescription["id"], 20, code, dispensed_bye="Іваненко")
        assert refusal(answer)[:2] == (422, "$.medication_dispense.dispensed_bye")

    # What cannot be is told before any code is looked at.
    @pytest.mark.parametrize("quantity", [None, [], 1e20, "NaN", 0, -10])
    async def test_without_details_or_with_an_impossible_quantity_then_422_at_its_entry(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection, quantity: object
    ) -> None:
        details = [{"medication_id": str(dispensing.medication_id), "medication_qty": quantity}]
        entry = "$.medication_dispense.dispense_details"
        given = [] if quantity == [] else details
        answer = await dispensing.hold(prescription["id"], 20, wrong(code), dispense_details=given)
        assert refusal(answer)[:2] == (422, entry if not given else f"{entry}[0].medication_qty")
        assert await db.fetchval("select wrong_codes from medication_requests") == 0

    async def test_after_five_wrong_codes_then_429_even_with_the_right_one(
        self, dispensing: Dispensing, prescription: dict, code: str, clock: FixedClock, other_pharmacist: Caller
    ) -> None:
        for _ in range(5):
            assert (await dispensing.hold(prescription["id"], 20, wrong(code))).status_code == 401
        answer = await dispensing.by(other_pharmacist).hold(prescription["id"], 20, code)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "901")
        clock.forward(timedelta(minutes=15))
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 201

    async def test_after_ten_wrong_codes_then_the_pause_is_twice_as_long(
        self, dispensing: Dispensing, prescription: dict, code: str, clock: FixedClock
    ) -> None:
        for _ in range(10):
            await dispensing.hold(prescription["id"], 20, wrong(code))
            clock.forward(timedelta(minutes=15))
        answer = await dispensing.hold(prescription["id"], 20, code)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "901"), "half of 30 minutes is left"

    # MD-7
    async def test_of_more_than_prescribed_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        assert refusal(await dispensing.hold(prescription["id"], 30, code)) == (
            422,
            f"{ROOT}.dispense_details",
            "dispensed medication quantity must be less or equal to remaining quantity in Medication Request",
        )

    async def test_in_parts_then_what_is_left_and_not_more(
        self, dispensing: Dispensing, prescription: dict, code: str, pharmacist: Caller, other_pharmacist: Caller
    ) -> None:
        first = await dispensing.give(prescription["id"], 10, code)
        assert first["medication_request"]["status"] == "ACTIVE"
        shown = await pharmacist.get(f"/api/pharmacy/medication_requests/{prescription['id']}")
        assert shown.json()["data"]["medication_info"]["medication_remaining_qty"] == 10
        elsewhere = dispensing.by(other_pharmacist)
        assert (await elsewhere.hold(prescription["id"], 20, code)).status_code == 422
        second = await elsewhere.give(prescription["id"], 10, code)
        assert second["medication_request"]["status"] == "COMPLETED"
        assert refusal(await dispensing.hold(prescription["id"], 10, code)) == (
            409,
            "",
            "Medication request is not active",
        )

    # MD-6, MD-9
    async def test_while_another_holds_everything_then_409_until_ten_minutes_are_over(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller, clock: FixedClock
    ) -> None:
        await dispensing.held(prescription["id"], 20, code)
        elsewhere = dispensing.by(other_pharmacist)
        assert (await elsewhere.hold(prescription["id"], 20, code)).status_code == 409
        clock.forward(timedelta(minutes=10))
        assert (await elsewhere.hold(prescription["id"], 20, code)).status_code == 201

    # MD-6, MD-7
    async def test_where_only_one_dispense_may_be_then_all_at_once(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await set_programme(db, multi_medication_dispense_allowed=False)
        assert refusal(await dispensing.hold(prescription["id"], 10, code)) == (
            422,
            f"{ROOT}.dispense_details",
            "dispensed medication quantity must be equal to medication quantity in Medication Request",
        )
        await dispensing.held(prescription["id"], 20, code)
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (
            403,
            "",
            "Active medication dispense already exists",
        )

    # MD-8
    async def test_of_a_broken_package_then_422(self, dispensing: Dispensing, prescription: dict, code: str) -> None:
        assert refusal(await dispensing.hold(prescription["id"], 15, code)) == (
            422,
            f"{ROOT}.dispense_details[0].medication_qty",
            "Requested medication brand quantity must be a multiplier of package minimal quantity",
        )

    # MD-3
    async def test_of_another_drug_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        other = await db.fetchval(
            "select m.id from medications m join innm_dosages d on d.id = m.innm_dosage_id"
            " where d.name like 'азитроміцин%' limit 1"
        )
        line = [{"medication_id": str(other), "medication_qty": 10}]
        answer = await dispensing.hold(prescription["id"], 10, code, dispense_details=line)
        assert refusal(answer) == (422, f"{ROOT}.dispense_details[0].medication_id", "medication is not active")

    async def test_of_two_brands_then_their_sum_counts(
        self, dispensing: Dispensing, prescription: dict, prescribing: Prescribing, code: str, db: Connection
    ) -> None:
        ten, eight = [await package_of(db, prescribing.medication_id, least) for least in (10, 8)]

        def lines(of_ten: int, of_eight: int) -> list[dict]:
            return [
                {"medication_id": str(ten), "medication_qty": of_ten},
                {"medication_id": str(eight), "medication_qty": of_eight},
            ]

        too_many = await dispensing.hold(prescription["id"], 0, code, dispense_details=lines(10, 16))
        assert refusal(too_many)[:2] == (422, f"{ROOT}.dispense_details")
        assert (await dispensing.hold(prescription["id"], 0, code, dispense_details=lines(10, 8))).status_code == 201

    # MD-3
    async def test_of_a_drug_outside_the_programme_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await db.execute("update program_medications set end_date = '2026-11-21'")
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[2] == (
            "medication is not a participant of program"
        )

    async def test_on_the_last_day_then_held_and_the_day_after_409(
        self, dispensing: Dispensing, prescription: dict, code: str, clock: FixedClock, db: Connection
    ) -> None:
        await db.execute("update medication_requests set dispense_valid_to = '2026-11-22', last_day = '2026-11-22'")
        held = await dispensing.held(prescription["id"], 10, code)
        assert held["status"] == "NEW"
        clock.forward(timedelta(days=1))
        assert refusal(await dispensing.hold(prescription["id"], 10, code)) == (
            409,
            "",
            "Medication request is not active",
        )

    async def test_before_the_first_day_then_409(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await db.execute("update medication_requests set dispense_valid_from = '2026-11-23'")
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (409, "", "Invalid dispense period")

    async def test_of_a_rejected_prescription_then_409(
        self, dispensing: Dispensing, prescribing: Prescribing, prescription: dict, code: str
    ) -> None:
        assert (await prescribing.reject(prescription["id"])).status_code == 200
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[2] == "Medication request is not active"

    async def test_of_a_blocked_prescription_then_409(
        self, dispensing: Dispensing, prescription: dict, code: str, pharmacist: Caller, db: Connection
    ) -> None:
        await db.execute("update medication_requests set is_blocked = true")
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[2] == "Medication request is blocked"

    async def test_of_a_plan_then_409(self, dispensing: Dispensing, prescribing: Prescribing) -> None:
        plan = await prescribing.prescribe(intent="plan")
        assert refusal(await dispensing.hold(plan["id"], 20, "")) == (
            409,
            "",
            "Medication request with intent PLAN cannot be dispensed",
        )

    async def test_in_a_division_without_license_record_then_409_unless_skipped(
        self, dispensing: Dispensing, prescription: dict, code: str, pharmacist: Caller, db: Connection
    ) -> None:
        await db.execute("update divisions set dls_verified = false where id = $1", pharmacist.division_id)
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (409, "", "Invalid division dls status")
        await set_programme(db, skip_dispense_division_dls_verify=True)
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 201

    async def test_in_a_closed_or_foreign_division_then_refused(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection, other_pharmacist: Caller
    ) -> None:
        theirs = await dispensing.hold(prescription["id"], 20, code, division_id=str(other_pharmacist.division_id))
        assert theirs.status_code == 403
        await db.execute("update divisions set status = 'INACTIVE', is_active = false")
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (409, "", "Division is not active")

    async def test_by_a_suspended_pharmacy_then_409(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection, pharmacist: Caller
    ) -> None:
        await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", pharmacist.client_id)
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (409, "", "Legal entity is not active")

    # MD-2
    async def test_in_a_programme_with_contracts_then_409(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await set_programme(db, skip_contract_provision_verify=False)
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == (
            409,
            "",
            "Program cannot be used - no active contract exists",
        )

    # MD-3
    @pytest.mark.parametrize(("allowed", "status"), [(False, 409), (True, 201)])
    async def test_by_another_programme_then_only_where_it_may_be_changed(
        self, *, dispensing: Dispensing, prescription: dict, code: str, work: Work, allowed: bool, status: int
    ) -> None:
        own = next(each for each in common_programmes() if each.id == ANTIBIOTICS_PROGRAMME)
        settings = replace(own.medical_program_settings, medical_program_change_on_dispense_allowed=allowed)
        other = replace(own, id=uuid4(), name="Інша програма", medical_program_settings=settings)
        await make_programmes(work, [other])
        answer = await dispensing.hold(prescription["id"], 20, code, medical_program_id=str(other.id))
        assert answer.status_code == status, answer.text

    async def test_without_signature_in_the_programme_then_processed_at_once(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await set_programme(db, skip_medication_dispense_sign=True)
        held = await dispensing.held(prescription["id"], 20, code)
        assert (held["status"], held["medication_request"]["status"]) == ("PROCESSED", "COMPLETED")

    async def test_without_scope_token_or_body_then_refused(
        self, dispensing: Dispensing, prescription: dict, doctor: Caller
    ) -> None:
        assert (await doctor.post("/api/pharmacy/medication_dispenses", {})).status_code == 403
        answer = await dispensing.hold(prescription["id"], 20, "1234", division_id=None)
        assert refusal(answer)[:2] == (422, f"{ROOT}.division_id")
        assert (await dispensing.hold(str(uuid4()), 20, "1234")).status_code == 404
