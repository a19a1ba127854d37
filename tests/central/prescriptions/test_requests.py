"""What happens to a prescription after the signature, for clinics and for pharmacies."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.prescriptions.periodic import expire_requests
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code, texts, use_paper
from tests.factories.world import Caller, give_token


@pytest.fixture
async def prescription(prescribing: Prescribing) -> dict:
    return await prescribing.prescribe()


class TestRead:
    async def test_by_our_clinic_then_list_and_details(
        self, prescribing: Prescribing, prescription: dict, doctor: Caller
    ) -> None:
        signed = {name: value for name, value in prescription.items() if name != "printout_form"}
        short = ("id", "name", "funding_source", "mr_blank_type")
        programme = {name: signed["medical_program"][name] for name in short}
        shown = signed | {"medical_program": programme}
        listed = await doctor.get(
            prescribing.requests,
            status="ACTIVE",
            request_number=signed["request_number"],
            created_to="2026-11-22",
            dispense_valid_to_start="2026-12-22",
            medical_program_id=ANTIBIOTICS_PROGRAMME,
            intent="order",
        )
        assert listed.json()["data"] == [shown]
        details = await doctor.get(f"{prescribing.requests}/{signed['id']}")
        info = shown["medication_info"] | {"medication_remaining_qty": 20}
        assert details.json()["data"] == shown | {"medication_info": info}

    @pytest.mark.parametrize(
        "query",
        [
            {"status": "COMPLETED"},
            {"created_from": "2026-11-23"},
            {"started_at_to": "2026-11-21"},
            {"medication_id": str(uuid4())},
            {"episode_id": str(uuid4())},
            {"ended_at_from": "2026-12-01"},
        ],
    )
    async def test_by_other_filters_then_nothing(
        self, prescribing: Prescribing, prescription: dict, doctor: Caller, query: dict
    ) -> None:
        assert (await doctor.get(prescribing.requests, **query)).json()["data"] == []

    # MR-20
    async def test_by_another_clinic_then_not_found(
        self, prescribing: Prescribing, prescription: dict, foreign_doctor: Caller
    ) -> None:
        path = f"{prescribing.requests}/{prescription['id']}"
        assert (await foreign_doctor.get(path)).status_code == 404
        assert (await foreign_doctor.get(f"{path}/printout_form")).status_code == 404
        assert (await foreign_doctor.get(prescribing.requests)).json()["data"] == []

    async def test_of_the_patient_then_the_audit_log_tells_it(
        self, prescribing: Prescribing, prescription: dict, doctor: Caller, db: Connection
    ) -> None:
        await doctor.get(f"{prescribing.requests}/{prescription['id']}")
        assert (
            await db.fetchval(
                "select count(*) from audit_events where event = 'medication_request.read' and patient_id = $1"
                " and user_id = $2",
                prescribing.person_id,
                doctor.user_id,
            )
            == 1
        )


class TestPharmacyRead:
    # MR-20, MR-21
    async def test_by_number_or_id_then_no_clinic_no_doctor_no_code(
        self, prescription: dict, pharmacist: Caller, db: Connection
    ) -> None:
        by_number = await pharmacist.get(f"/api/pharmacy/medication_requests/{prescription['request_number']}")
        by_id = await pharmacist.get(f"/api/pharmacy/medication_requests/{prescription['id']}")
        assert by_number.status_code == 200, by_number.text
        shown = by_number.json()["data"]
        assert shown == by_id.json()["data"]
        assert set(shown["person"]) == {"short_name", "age"}
        assert not {"legal_entity", "division", "employee", "inform_with", "verification_code"} & set(shown)
        assert shown["medication_info"]["medication_remaining_qty"] == 20
        code = await sent_code(db, prescription["request_number"])
        assert f'"{code}"' not in by_number.text

    async def test_by_what_is_no_number_then_not_found(self, prescription: dict, pharmacist: Caller) -> None:
        for text in ("0000-0000-0000-0000", "abc", str(uuid4())):
            assert (await pharmacist.get(f"/api/pharmacy/medication_requests/{text}")).status_code == 404

    async def test_by_a_doctor_then_403(self, prescription: dict, doctor: Caller) -> None:
        assert (await doctor.get(f"/api/pharmacy/medication_requests/{prescription['id']}")).status_code == 403

    # MR-16
    async def test_on_the_last_day_then_active_and_the_day_after_expired(
        self, prescription: dict, prescribing: Prescribing, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        async def status_after(days: int) -> str:
            work.now = clock.now() + timedelta(days=days)
            await expire_requests(work)
            return await db.fetchval("select status from medication_requests")

        assert await status_after(30) == "ACTIVE", "the 2019 source ended it here (BG-5)"
        assert await status_after(31) == "EXPIRED"


class TestPrintout:
    # MR-21
    async def test_when_a_message_went_out_then_no_code(
        self, prescribing: Prescribing, prescription: dict, db: Connection
    ) -> None:
        answer = await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}/printout_form")
        assert answer.json()["data"] == {"id": prescription["id"], "printout_form": prescription["printout_form"]}
        assert await sent_code(db, prescription["request_number"]) not in answer.text
        assert "20\u00a0капс." in answer.json()["data"]["printout_form"]

    async def test_for_a_patient_without_phone_then_the_code_that_the_pharmacy_takes(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        await use_paper(db, prescribing.person_id, work.now)
        prescription = await prescribing.prescribe()
        form = prescription["printout_form"]
        code = form.split('id="verification-code" value="')[1][:4]
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 201


# MR-17
class TestReject:
    async def test_by_the_doctor_then_rejected_and_the_patient_is_told(
        self, prescribing: Prescribing, prescription: dict, db: Connection, doctor: Caller
    ) -> None:
        answer = await prescribing.reject(prescription["id"], reject_reason="Помилка дози")
        assert answer.status_code == 200, answer.text
        shown = answer.json()["data"]
        names = ("status", "rejected_at", "rejected_by", "reject_reason", "reject_reason_code")
        assert {name: shown[name] for name in names} == {
            "status": "REJECTED",
            "rejected_at": "2026-11-22",
            "rejected_by": str(doctor.user_id),
            "reject_reason": "Помилка дози",
            "reject_reason_code": "WRONG_DOSAGE",
        }
        assert (await texts(db))[-1] == f"Відкликано рецепт: {prescription['request_number']} від 22.11.2026"

    async def test_twice_then_409(self, prescribing: Prescribing, prescription: dict) -> None:
        assert (await prescribing.reject(prescription["id"])).status_code == 200
        assert refusal(await prescribing.reject(prescription["id"])) == (
            409,
            "",
            "Invalid status Request for Medication request for reject transition!",
        )

    async def test_when_something_is_held_then_409(
        self, prescribing: Prescribing, prescription: dict, dispensing: Dispensing, db: Connection
    ) -> None:
        await dispensing.held(prescription["id"], 10, await sent_code(db, prescription["request_number"]))
        assert refusal(await prescribing.reject(prescription["id"])) == (
            409,
            "",
            "Medication request with connected processed medication dispenses can not be rejected",
        )

    async def test_without_a_reason_then_422(self, prescribing: Prescribing, prescription: dict) -> None:
        answer = await prescribing.reject(prescription["id"], reject_reason_code=None)
        assert refusal(answer)[:2] == (422, "$.reject_reason_code")

    async def test_over_changed_content_then_422(self, prescribing: Prescribing, prescription: dict) -> None:
        shown = (await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}")).json()["data"]
        answer = await prescribing.reject(prescription["id"], content=shown | {"ended_at": "2026-11-30"})
        assert refusal(answer)[:2] == (422, "$.ended_at")

    async def test_with_another_key_then_422(
        self, prescribing: Prescribing, prescription: dict, foreign_doctor: Caller
    ) -> None:
        shown = (await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}")).json()["data"]
        body = {
            "signed_medication_reject": foreign_doctor.sign(shown | {"reject_reason_code": "WRONG_QTY"}),
            "signed_content_encoding": "base64",
        }
        answer = await prescribing.doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/reject", body)
        assert refusal(answer)[2] == "Does not match the signer drfo"
        theirs = await foreign_doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/reject", body)
        assert theirs.status_code == 404

    async def test_by_a_pharmacist_over_what_they_see_then_rejected(
        self, prescription: dict, pharmacist: Caller
    ) -> None:
        path = f"/api/pharmacy/medication_requests/{prescription['id']}"
        shown = (await pharmacist.get(path)).json()["data"]
        document = pharmacist.sign(shown | {"reject_reason_code": "WRONG_SIGNATURE"})
        body = {"signed_medication_reject": document, "signed_content_encoding": "base64"}
        answer = await pharmacist.patch(f"{path}/actions/reject", body)
        assert (answer.status_code, answer.json()["data"]["status"]) == (200, "REJECTED"), answer.text


# MR-18
class TestResend:
    async def test_when_active_then_the_same_words_again(
        self, prescribing: Prescribing, prescription: dict, db: Connection
    ) -> None:
        answer = await prescribing.doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/resend")
        assert answer.status_code == 200, answer.text
        first, second = await texts(db)
        assert first == second

    async def test_of_a_plan_then_409(self, prescribing: Prescribing) -> None:
        plan = await prescribing.prescribe(intent="plan")
        answer = await prescribing.doctor.patch(f"/api/medication_requests/{plan['id']}/actions/resend")
        assert refusal(answer) == (409, "", "For medication request plan information cannot be resent")

    async def test_without_phone_then_409_and_nothing_is_sent(
        self, prescribing: Prescribing, prescription: dict, db: Connection, work: Work
    ) -> None:
        await use_paper(db, prescribing.person_id, work.now)
        answer = await prescribing.doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/resend")
        assert answer.status_code == 409 and len(await texts(db)) == 1

    async def test_by_another_clinic_then_not_found(self, prescription: dict, foreign_doctor: Caller) -> None:
        answer = await foreign_doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/resend")
        assert answer.status_code == 404


# MR-19
class TestQualify:
    async def ask(self, caller: Caller, request_id: str, **changes: object):
        body = {"division_id": str(caller.division_id), "programs": [{"id": str(ANTIBIOTICS_PROGRAMME)}]} | changes
        return await caller.post(f"/api/medication_requests/{request_id}/actions/qualify", body)

    async def test_when_it_may_be_dispensed_then_valid_with_packages(self, prescription: dict, doctor: Caller) -> None:
        [verdict] = (await self.ask(doctor, prescription["id"])).json()["data"]
        assert (verdict["status"], verdict["program_name"]) == ("VALID", "Антибактеріальні лікарські засоби")
        package = verdict["participants"][0]
        assert package["package_qty"] % package["package_min_qty"] == 0 and package["reimbursement_amount"] == 0

    async def test_by_a_pharmacist_then_packages_to_choose_from(
        self, prescription: dict, pharmacist: Caller, registrar: Caller
    ) -> None:
        [verdict] = (await self.ask(pharmacist, prescription["id"])).json()["data"]
        assert verdict["status"] == "VALID" and verdict["participants"]
        assert (await self.ask(registrar, prescription["id"])).status_code == 403

    async def test_of_a_plan_then_409(self, prescribing: Prescribing) -> None:
        plan = await prescribing.prescribe(intent="plan")
        assert refusal(await self.ask(prescribing.doctor, plan["id"])) == (
            409,
            "",
            "Medication request with type (intent) PLAN cannot be qualified",
        )

    async def test_when_no_package_takes_part_then_invalid(
        self, prescription: dict, doctor: Caller, db: Connection
    ) -> None:
        await db.execute("update program_medications set is_active = false")
        [verdict] = (await self.ask(doctor, prescription["id"])).json()["data"]
        assert (verdict["status"], verdict["participants"]) == ("INVALID", [])

    async def test_by_another_clinic_then_not_found(self, prescription: dict, foreign_doctor: Caller) -> None:
        assert (await self.ask(foreign_doctor, prescription["id"])).status_code == 404

    async def test_in_a_foreign_division_then_403(self, prescription: dict, doctor: Caller, pharmacist: Caller) -> None:
        answer = await self.ask(doctor, prescription["id"], division_id=str(pharmacist.division_id))
        assert answer.status_code == 403


class TestBlock:
    async def ask(self, caller: Caller, action: str, request_id: str, *, where: str = "/pharmacy", **body: object):
        path = f"/api{where}/medication_requests/{request_id}/actions/{action}"
        return await caller.patch(path, {"block_reason_code": "BLOCK_WRONG_QTY_DRUG"} | body)

    async def test_by_a_pharmacy_then_nobody_dispenses_until_it_unblocks(
        self, prescription: dict, pharmacist: Caller, other_pharmacist: Caller, dispensing: Dispensing, db: Connection
    ) -> None:
        code = await sent_code(db, prescription["request_number"])
        answer = await self.ask(pharmacist, "block", prescription["id"], block_reason="Підозра на підробку")
        assert answer.status_code == 200, answer.text
        shown = answer.json()["data"]
        assert (shown["block_reason"], shown["blocked_by_legal_entity"]["id"]) == (
            "Підозра на підробку",
            str(pharmacist.client_id),
        )
        assert (await self.ask(pharmacist, "block", prescription["id"])).status_code == 409
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[2] == "Medication request is blocked"
        assert (await self.ask(other_pharmacist, "unblock", prescription["id"])).status_code == 409
        assert (await self.ask(pharmacist, "unblock", prescription["id"])).status_code == 200
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 201

    async def test_until_a_moment_then_it_ends_by_itself(
        self, prescription: dict, pharmacist: Caller, clock: FixedClock
    ) -> None:
        past = await self.ask(pharmacist, "block", prescription["id"], blocked_to="2026-11-22T10:00:00Z")
        assert refusal(past)[:2] == (422, "$.blocked_to")
        until = await self.ask(pharmacist, "block", prescription["id"], blocked_to="2026-11-22T12:00:00Z")
        assert until.status_code == 200
        clock.forward(timedelta(hours=2))
        assert (await self.ask(pharmacist, "unblock", prescription["id"])).status_code == 409

    async def test_by_a_clinic_then_its_own_only(
        self, prescription: dict, doctor: Caller, foreign_doctor: Caller, work: Work
    ) -> None:
        async def blocking(caller: Caller) -> Caller:
            scopes = frozenset({"medication_request:block", "medication_request:unblock"})
            return replace(caller, token=await give_token(work, caller.user_id, caller.client_id, scopes))

        theirs, ours = await blocking(foreign_doctor), await blocking(doctor)
        reason = {"block_reason": "Помилка"}
        assert (await self.ask(theirs, "block", prescription["id"], where="", **reason)).status_code == 404
        assert (await self.ask(ours, "block", prescription["id"], where="", **reason)).status_code == 200
        assert (await self.ask(ours, "unblock", prescription["id"], where="", **reason)).status_code == 200


class TestCabinet:
    async def test_of_the_patient_then_the_code_is_shown_to_them(
        self, prescription: dict, patient: Caller, db: Connection
    ) -> None:
        listed = (await patient.get("/api/cabinet/medication_requests")).json()["data"]
        assert [each["id"] for each in listed] == [prescription["id"]] and "verification_code" not in listed[0]
        details = (await patient.get(f"/api/cabinet/medication_requests/{prescription['id']}")).json()["data"]
        assert details["verification_code"] == await sent_code(db, prescription["request_number"])

    async def test_of_another_person_then_refused(
        self, prescription: dict, patient: Caller, doctor: Caller, db: Connection
    ) -> None:
        assert (await doctor.get("/api/cabinet/medication_requests")).status_code == 403
        assert (await patient.get("/api/cabinet/medication_requests", person_id=uuid4())).status_code == 403
        assert (await patient.get(f"/api/cabinet/medication_requests/{uuid4()}")).status_code == 404
