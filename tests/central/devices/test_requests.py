"""Requests of devices: written, read, found by number, told again, taken back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.devices import CODE, PROGRAMME, STRIPS, Prescribing, pieces, refusal, sent_code, set_programme
from tests.factories.prescriptions import texts, use_paper
from tests.factories.records import concept, ref
from tests.factories.world import Caller


class TestCreate:
    # DVR-1, DVR-9, DVR-10
    async def test_when_signed_then_a_number_a_code_by_message_and_what_is_left(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        made = await prescribing.made()
        assert made["status"] == "active" and made["remaining_quantity"] == {**pieces(100), "unit": "штука"}
        assert len(made["requisition"].split("-")) == 4 and not made["requisition"].startswith("0000")
        assert made["dispense_valid_to"] == "2026-12-22T21:59:59Z"
        assert made["program"]["display_value"] == "Доступні ліки: тест-смужки для глюкометра"
        assert await sent_code(db, made["requisition"])
        assert await db.fetchval("select count(*) from audit_events where event = 'device_request.created'") == 1

    async def test_when_a_device_is_named_then_it_is_asked_for(self, prescribing: Prescribing) -> None:
        made = await prescribing.made(code=None, code_reference=ref("device_definition", STRIPS[2].id))
        assert made["code_reference"]["display_value"].endswith("100 шт.")

    async def test_when_without_a_programme_then_neither_code_nor_message(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await prescribing.made(program=None, quantity=pieces(7))
        assert await db.fetchval("select verification_code from device_requests") is None
        assert not [each for each in await texts(db) if "виріб" in each]

    async def test_when_sent_twice_then_one_request(self, prescribing: Prescribing, db: Connection) -> None:
        content = prescribing.order()
        first, again = await prescribing.send(content), await prescribing.send(content)
        assert first.json()["data"]["status"] == "processed"
        assert refusal(again) == (422, "$.id", f"Device request with id '{content['id']}' already exists")
        assert await db.fetchval("select count(*) from device_requests") == 1

    # DVR-1, DVR-3
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"intent": "plan"}, "$.intent"),
            ({"status": "completed"}, "$.status"),
            ({"quantity": None}, "$.quantity"),
            ({"quantity": pieces(0)}, "$.quantity.value"),
            ({"quantity": pieces(-50)}, "$.quantity.value"),
            ({"authored_on": "2026-11-22T10:02:00Z"}, "$.authored_on"),
            ({"authored_on": "2026-11-18T10:00:00Z"}, "$.authored_on"),
            (
                {"occurrence_period": {"start": "2026-11-21T10:00:00Z", "end": "2026-12-01T10:00:00Z"}},
                "$.occurrence_period.start",
            ),
            (
                {"occurrence_period": {"start": "2026-11-25T10:00:00Z", "end": "2026-11-24T10:00:00Z"}},
                "$.occurrence_period.end",
            ),
        ],
    )
    async def test_when_it_is_none_by_itself_then_refused_at_its_place(
        self, prescribing: Prescribing, changes: dict, entry: str
    ) -> None:
        assert refusal(await prescribing.ask(**changes))[:2] == (422, entry)

    async def test_when_code_and_device_or_neither_then_refused(self, prescribing: Prescribing) -> None:
        both = prescribing.order(code_reference=ref("device_definition", STRIPS[0].id))
        neither = prescribing.order(code=None)
        for content in (both, neither):
            answer = await prescribing.doctor.post(prescribing.path, {"signed_data": prescribing.doctor.sign(content)})
            if answer.status_code == 202:
                assert refusal(await prescribing.outcome(answer))[0] == 422
            else:
                assert answer.status_code == 422

    async def test_when_a_member_is_unknown_then_refused_at_once(self, prescribing: Prescribing) -> None:
        body = {"signed_data": prescribing.doctor.sign(prescribing.order(dose=1))}
        answer = await prescribing.doctor.post(prescribing.path, body)
        assert answer.status_code == 422 and answer.json()["error"]["invalid"][0]["entry"] == "$.dose"

    # DVR-4, DVR-5
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"encounter": ref("encounter", uuid4())}, "$.encounter.identifier.value"),
            ({"requester": ref("employee", uuid4())}, "$.requester.identifier.value"),
            ({"reason": [ref("condition", uuid4())]}, "$.reason[0].identifier.value"),
            ({"based_on": [ref("care_plan", uuid4())]}, "$.based_on[0].identifier.value"),
            ({"program": ref("medical_program", uuid4())}, "$.program.identifier.value"),
            ({"code": concept(CODE[0], "99999")}, "$.code.coding[0].code"),
            ({"code": None, "code_reference": ref("device_definition", uuid4())}, "$.code_reference.identifier.value"),
        ],
    )
    async def test_when_it_names_what_is_not_there_then_refused_at_its_place(
        self, prescribing: Prescribing, changes: dict, entry: str
    ) -> None:
        assert refusal(await prescribing.ask(**changes))[:2] == (422, entry)

    # DVR-2
    async def test_when_signed_by_another_then_refused(self, prescribing: Prescribing, specialist: Caller) -> None:
        assert refusal(await prescribing.send(prescribing.order(), signer=specialist))[:2] == (422, "$.signed_data")

    # DVR-2, DVR-4
    async def test_when_a_doctor_elsewhere_names_our_visit_then_refused(
        self, prescribing: Prescribing, foreign_doctor: Caller
    ) -> None:
        theirs = prescribing.by(foreign_doctor)
        assert refusal(await theirs.ask())[:2] == (422, "$.encounter.identifier.value")
        assert refusal(await theirs.ask(requester=ref("employee", str(prescribing.doctor.employee_id))))[0] == 422

    async def test_when_the_patient_is_nobody_then_not_found(self, prescribing: Prescribing) -> None:
        body = {"signed_data": prescribing.doctor.sign(prescribing.order())}
        answer = await prescribing.doctor.post(f"/api/patients/{uuid4()}/device_requests", body)
        assert answer.status_code == 404

    async def test_when_asked_by_a_pharmacist_then_forbidden(
        self, prescribing: Prescribing, pharmacist: Caller
    ) -> None:
        body = {"signed_data": pharmacist.sign(prescribing.order())}
        assert (await pharmacist.post(prescribing.path, body)).status_code == 403


class TestProgramme:
    # DVR-6, DVR-7
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"quantity": pieces(70)}, "$.quantity.value"),
            ({"quantity": pieces(350)}, "$.quantity.value"),
            (
                {"occurrence_period": {"start": "2026-11-22T10:00:00Z", "end": "2027-03-22T10:00:00Z"}},
                "$.occurrence_period.end",
            ),
        ],
    )
    async def test_when_more_or_other_than_it_pays_then_refused(
        self, prescribing: Prescribing, changes: dict, entry: str
    ) -> None:
        assert refusal(await prescribing.ask(**changes))[:2] == (422, entry)

    @pytest.mark.parametrize(
        ("settings", "status"),
        [
            ({"care_plan_required": True}, 422),
            ({"employee_types_to_create_medication_request": ["SPECIALIST"]}, 422),
            ({"speciality_types_request_allowed": ["CARDIOLOGY"]}, 422),
            ({"conditions_icpc2_allowed": ["T90"]}, 422),
            ({"conditions_icpc2_allowed": ["R80"]}, 0),
            ({"device_request_allowed_code_types": ["nk_024"]}, 422),
            ({"skip_medication_request_employee_declaration_verify": False}, 0),
        ],
    )
    async def test_when_a_setting_asks_for_more_then_it_is_heard(
        self, prescribing: Prescribing, db: Connection, settings: dict, status: int
    ) -> None:
        await set_programme(db, **settings)
        done = await prescribing.ask()
        assert (refusal(done)[0] if status else done.json()["data"]["status"]) == (status or "processed")

    # DVR-7
    async def test_when_one_overlaps_then_refused_until_it_is_taken_back(self, prescribing: Prescribing) -> None:
        first = await prescribing.made()
        assert refusal(await prescribing.ask())[0] == 409
        assert (await prescribing.end(first, "revoke")).json()["data"]["status"] == "processed"
        assert (await prescribing.ask()).json()["data"]["status"] == "processed"

    # DVR-17
    async def test_prequalify_when_asked_then_each_programme_says_yes_or_why_not(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        order = prescribing.order(id=None, status=None, program=None, note=None)
        body = {"device_request": order, "programs": [ref("medical_program", PROGRAMME)]}
        answer = await prescribing.doctor.post(f"{prescribing.path}/prequalify", body)
        assert [each["status"] for each in answer.json()["data"]] == ["VALID"], answer.text
        named = order | {"code_reference": ref("device_definition", STRIPS[0].id)}
        del named["code"]
        answer = await prescribing.doctor.post(f"{prescribing.path}/prequalify", body | {"device_request": named})
        assert [each["status"] for each in answer.json()["data"]] == ["VALID"], answer.text
        await db.execute("update device_definitions set is_active = false where id <> $1", STRIPS[0].id)
        await db.execute("update medical_programs set is_active = false where id = $1", PROGRAMME)
        answer = await prescribing.doctor.post(f"{prescribing.path}/prequalify", body)
        assert answer.json()["data"][0]["rejection_reason"] == "Medical program is not active"
        assert await db.fetchval("select count(*) from device_requests") == 0


class TestRead:
    # DVR-16
    async def test_when_own_then_shown_and_listed_and_the_patient_sees_who_read(
        self, prescribing: Prescribing, request_: dict, db: Connection
    ) -> None:
        found = await prescribing.doctor.get(
            prescribing.path, requester_legal_entity=prescribing.doctor.client_id, status="active", program=PROGRAMME
        )
        assert [each["id"] for each in found.json()["data"]] == [request_["id"]]
        none = await prescribing.doctor.get(prescribing.path, code="30222")
        assert none.json()["data"] == []
        lines = await db.fetchval(
            "select count(*) from audit_events where event = 'device_request.read' and patient_id = $1",
            prescribing.person_id,
        )
        assert lines >= 3

    # DVR-16
    async def test_when_another_clinic_without_approval_then_forbidden(
        self, prescribing: Prescribing, request_: dict, foreign_doctor: Caller
    ) -> None:
        assert (await foreign_doctor.get(f"{prescribing.path}/{request_['id']}")).status_code == 403
        assert (await foreign_doctor.get(prescribing.path)).status_code == 403
        assert (await foreign_doctor.get(f"{prescribing.path}/{request_['id']}/context")).status_code == 200

    # DVR-16
    async def test_by_number_when_a_pharmacy_then_found_with_whose_it_is(
        self, request_: dict, pharmacist: Caller, foreign_doctor: Caller
    ) -> None:
        found = await pharmacist.get("/api/device_requests", requisition=f" {request_['requisition'].lower()} ")
        (shown,) = found.json()["data"]
        assert shown["id"] == request_["id"] and shown["identity"]["last_name"]
        assert (await pharmacist.get("/api/device_requests", requisition="AAAA-AAAA-AAAA-AAAA")).json()["data"] == []
        other = await foreign_doctor.get("/api/device_requests", requisition=request_["requisition"])
        assert other.json()["data"] == []

    # DVR-10
    async def test_when_the_patient_has_no_phone_then_the_doctor_alone_sees_the_code(
        self, prescribing: Prescribing, db: Connection, pharmacist: Caller, patient: Caller
    ) -> None:
        await use_paper(db, prescribing.person_id, prescribing.now)
        made = await prescribing.made()
        path = f"{prescribing.path}/{made['id']}"
        urgent = (await prescribing.doctor.get(path)).json()["urgent"]
        assert urgent["authentication_method_current"] == {"type": "OFFLINE"} and len(urgent["verification_code"]) == 4
        assert "verification_code" not in (await pharmacist.get(path)).json()["urgent"]
        own = await patient.get(f"/api/pis/person/device_requests/{made['id']}")
        assert own.json()["urgent"]["verification_code"] == urgent["verification_code"]

    async def test_own_when_listed_then_the_patients_only(
        self, request_: dict, patient: Caller, doctor: Caller
    ) -> None:
        found = await patient.get("/api/pis/person/device_requests")
        assert [each["remaining_quantity"]["value"] for each in found.json()["data"]] == [100]
        assert (await doctor.get("/api/pis/person/device_requests")).status_code == 403
        assert (await patient.get(f"/api/pis/person/device_requests/{uuid4()}")).status_code == 404

    # DVR-18
    async def test_qualify_when_asked_by_a_pharmacy_then_devices_with_prices(
        self, request_: dict, pharmacist: Caller, registrar: Caller, db: Connection, clock: FixedClock
    ) -> None:
        path = f"/api/device_requests/{request_['id']}/actions/qualify"
        body = {
            "location": ref("division", str(pharmacist.division_id)),
            "programs": [ref("medical_program", PROGRAMME)],
        }
        (told,) = (await pharmacist.post(path, body)).json()["data"]
        assert told["status"] == "VALID" and len(told["participants"]) == 3
        assert {each["reimbursement"]["reimbursement_amount"] for each in told["participants"]} == {6}
        foreign = body | {"location": ref("division", str(registrar.division_id))}
        assert (await pharmacist.post(path, foreign)).status_code == 403
        clock.moment = datetime(2026, 12, 22, 22, 0, tzinfo=UTC)  # DVR-8, DVR-15: midnight in Kyiv after the last day
        await db.execute("update tokens set expires_at = $1", clock.now() + timedelta(days=1))
        assert (await pharmacist.post(path, body)).status_code == 409


class TestChanges:
    # DVR-11
    @pytest.mark.parametrize("action", ["revoke", "mark_in_error"])
    async def test_when_signed_over_what_is_shown_then_taken_back_and_told(
        self, prescribing: Prescribing, request_: dict, db: Connection, action: str
    ) -> None:
        done = await prescribing.end(request_, action)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = await prescribing.shown(request_["id"])
        assert shown["status"] in ("revoked", "entered_in_error") and shown["status_reason"]["coding"]
        told = f"Відкликано рецепт на медичний виріб: {request_['requisition']}"
        assert [each for each in await texts(db) if told in each]
        assert refusal(await prescribing.end(shown, action))[0] == 409

    async def test_when_written_after_midnight_in_kyiv_then_told_of_that_day(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        request = await prescribing.made(authored_on="2026-11-21T22:30:00Z")
        await prescribing.end(request, "revoke")
        assert [each for each in await texts(db) if f"{request['requisition']} від 22.11.2026" in each]

    # DVR-11, DVR-12
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"status": "active"}, "$.status"),
            ({"status_reason": concept("device_request_mark_in_error_reasons", "x")}, "$.status_reason.coding[0].code"),
            ({"note": "інше"}, "$.note"),
            ({"quantity": pieces(50)}, "$.quantity.value"),
        ],
    )
    async def test_when_it_says_something_else_then_refused(
        self, prescribing: Prescribing, request_: dict, changes: dict, entry: str
    ) -> None:
        assert refusal(await prescribing.end(request_, "revoke", **changes))[:2] == (422, entry)

    async def test_when_another_clinic_then_not_found(
        self, prescribing: Prescribing, request_: dict, foreign_doctor: Caller
    ) -> None:
        theirs = prescribing.by(foreign_doctor)
        assert refusal(await theirs.end(request_, "revoke"))[0] == 404
        assert refusal(await theirs.act(request_["id"], "resend"))[0] == 404
        assert refusal(await theirs.act(request_["id"], "complete"))[0] == 404

    async def test_when_there_is_none_then_not_found_at_once(self, prescribing: Prescribing) -> None:
        assert (await prescribing.act(str(uuid4()), "resend")).status_code == 404

    # DVR-13
    async def test_resend_when_active_then_the_same_code_again(
        self, prescribing: Prescribing, request_: dict, code: str, db: Connection
    ) -> None:
        done = await prescribing.act(request_["id"], "resend")
        assert done.json()["data"]["status"] == "processed", done.text
        sent = [each for each in await texts(db) if request_["requisition"] in each]
        assert len(sent) == 2 and await sent_code(db, request_["requisition"]) == code

    # DVR-13
    async def test_resend_when_there_is_no_code_or_no_phone_then_refused(
        self, prescribing: Prescribing, request_: dict, db: Connection
    ) -> None:
        plain = await prescribing.made(program=None)
        assert refusal(await prescribing.act(plain["id"], "resend"))[0] == 403
        await use_paper(db, prescribing.person_id, prescribing.now)
        assert refusal(await prescribing.act(request_["id"], "resend"))[0] == 409

    # DVR-14
    async def test_complete_when_active_then_nothing_more_is_had(
        self, prescribing: Prescribing, request_: dict
    ) -> None:
        done = await prescribing.act(request_["id"], "complete")
        assert done.json()["data"]["links"][0]["entity"] == "device_request"
        assert (await prescribing.shown(request_["id"]))["status"] == "completed"
        assert refusal(await prescribing.act(request_["id"], "complete"))[0] == 409
        assert refusal(await prescribing.end(await prescribing.shown(request_["id"]), "revoke"))[0] == 409
