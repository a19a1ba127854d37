"""Writing a referral: the whole way of a right one, each reason to refuse a wrong one, and what programmes say."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.services import group_id
from esoz.kernel import documents
from tests.factories import service_requests, services
from tests.factories.prescriptions import texts
from tests.factories.records import concept, moment, ref


def faults(done) -> list:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", 422), done.text
    return [(each["entry"], each["rules"][0]["description"]) for each in data["error"]["invalid"]]


def conflict(done) -> str:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", 409), done.text
    return data["error"]["message"]


class TestCreate:
    # SR-1, SR-5, SR-6: a number, a year of term to the last second in Kyiv
    async def test_when_signed_then_a_job_that_leads_to_it(self, referring, programme):
        order = referring.order(program=ref("medical_program", programme))
        done = await referring.send(order)
        link = {"entity": "service_request", "href": f"{referring.path}/{order['id']}"}
        assert (done.status_code, done.json()["data"].get("links")) == (303, [link]), done.text
        data = await referring.read(order["id"])
        assert (data["status"], data["program_processing_status"]) == ("active", "new")
        assert data["expiration_date"] == "2027-11-22T21:59:59Z"
        assert len(data["requisition"].replace("-", "")) == 16 and data["requisition"].replace("-", "").isdigit()
        assert data["code"]["display_value"] == "Інша електрокардіографія [ЕКГ]"
        assert data["requester_employee"]["display_value"] and data["requester_legal_entity"]["display_value"]
        assert data["reason_reference"][0]["display_value"] == "Грип"
        assert [each["status"] for each in data["status_history"]] == ["active"]
        assert "used_by_legal_entity" not in data

    # BG-20
    async def test_when_stored_then_the_signed_document_is_kept(self, referring, db, dependencies):
        order = referring.order()
        signed = referring.doctor.sign(order)
        await referring.outcome(await referring.doctor.post(referring.path, {"signed_data": signed}))
        name = await db.fetchval("select signed_document from service_requests where id = $1::uuid", order["id"])
        assert await documents.read(db, dependencies.objects, name) == base64.b64decode(signed)

    async def test_when_stored_then_the_patient_gets_the_number_by_sms(self, referring, db):
        data = await referring.written()
        told = await texts(db)
        assert any(data["requisition"] in text and "22.11.2027" in text for text in told)

    async def test_of_a_group_of_services_then_named_by_the_group(self, referring):

        data = await referring.written(code=ref("service_group", group_id("B1")))
        assert data["code"]["display_value"] == "Функціональна діагностика"

    @pytest.mark.parametrize(
        ("changes", "entry", "message"),
        [
            # SR-2
            ({"code": ref("service", uuid4())}, "$.code.identifier.value", "Service with such ID is not found"),
            (
                {"code": ref("service", services.id_of(services.OUT_OF_USE))},
                "$.code.identifier.value",
                "Service should be active",
            ),
            (
                {"code": ref("service", services.id_of(services.NOT_BY_REQUEST))},
                "$.code.identifier.value",
                "Request is not allowed for the service",
            ),
            (
                {"category": concept(service_requests.CATEGORIES, "imaging")},
                "$.category.coding[0].code",
                "Service request category should be equal to service category",
            ),
            # SR-1
            (
                {"requester_legal_entity": ref("legal_entity", uuid4())},
                "$.requester_legal_entity.identifier.value",
                "Must be current legal enity",
            ),
            (
                {"context": ref("encounter", uuid4())},
                "$.context.identifier.value",
                "Encounter with such id is not found",
            ),
            (
                {"requester_employee": ref("employee", uuid4())},
                "$.requester_employee.identifier.value",
                "Employee with such ID is not found",
            ),
            (
                {"performer": ref("legal_entity", uuid4())},
                "$.performer.identifier.value",
                "LegalEntity with such ID is not found",
            ),
            ({"status": "completed"}, "$.status", "value is not allowed in enum"),
            ({"intent": "proposal"}, "$.intent", "value is not allowed in enum"),
            # SR-3
            (
                {"permitted_resources": [ref("episode_of_care", uuid4())]},
                "$.permitted_resources[0].identifier.value",
                "Episode of care with such id is not found",
            ),
            # SR-4
            (
                {"reason_reference": [ref("condition", uuid4())]},
                "$.reason_reference[0].identifier.value",
                "Condition with such id is not found",
            ),
            (
                {"quantity": {"value": 0, "system": "SERVICE_UNIT", "code": "PIECE"}},
                "$.quantity.value",
                "expected the value to be > 0",
            ),
            (
                {"based_on": [ref("care_plan", uuid4())]},
                "$.based_on[0].identifier.value",
                "Care plan with such id is not found",
            ),
        ],
    )
    async def test_with_something_wrong_then_422_at_the_field(self, referring, changes, entry, message):
        assert (entry, message) in faults(await referring.send(referring.order(**changes)))

    # SR-4
    async def test_for_the_past_then_422(self, referring, clock):
        now = referring.doctor.now
        late = referring.order(occurrence_period=None, occurrence_date_time=moment(now))
        assert faults(await referring.send(late)) == [
            ("$.occurrence_date_time", "Occurrence date must be in the future")
        ]
        soon = referring.order(occurrence_period=None, occurrence_date_time=moment(now + timedelta(seconds=1)))
        assert (await referring.send(soon)).status_code == 303

    # SR-3
    async def test_when_a_laboratory_is_asked_then_it_may_not_open_episodes(self, referring):
        episode = [ref("episode_of_care", referring.chart.visiting.episode)]
        order = referring.order(
            category=concept(service_requests.CATEGORIES, "laboratory_procedure"), permitted_resources=episode
        )
        assert (
            "$.permitted_resources",
            "Permitted resources are not allowed for laboratory category of service request",
        ) in (faults(await referring.send(order)))
        data = await referring.written(permitted_resources=episode)
        assert data["permitted_resources"][0]["display_value"] == "Гострий бронхіт"

    async def test_when_signed_by_somebody_else_then_refused(self, referring, foreign_doctor):
        order = referring.order()
        body = {"signed_data": foreign_doctor.sign(order)}
        done = await referring.outcome(await referring.doctor.post(referring.path, body))
        assert faults(done) == [("$.signed_data", "Does not match the signer drfo")]

    # SR-1, BG-18
    async def test_when_the_requester_is_of_another_clinic_then_409(self, referring, foreign_doctor):
        order = referring.order(requester_employee=ref("employee", foreign_doctor.employee_id))
        assert conflict(await referring.send(order)) == "Employee does not belong to current legal entity"

    # SR-1, BG-18
    async def test_when_the_requester_is_a_registrar_then_409(self, referring, registrar):
        order = referring.order(requester_employee=ref("employee", registrar.employee_id))
        assert conflict(await referring.send(order)) == "Employee is not an active doctor"

    async def test_with_an_id_that_is_taken_then_422(self, referring):
        data = await referring.written()
        again = await referring.send(referring.order(id=data["id"]))
        assert faults(again) == [("$.id", f"Service request with id '{data['id']}' already exists")]

    # JB-2
    async def test_sent_twice_while_pending_then_the_same_job(self, referring, db):
        body = {"signed_data": referring.doctor.sign(referring.order())}
        first, second = [await referring.doctor.post(referring.path, body) for _ in range(2)]
        assert first.json()["data"]["links"] == second.json()["data"]["links"]
        await referring.outcome(second)
        assert await db.fetchval("select count(*) from service_requests") == 1

    async def test_with_an_unknown_member_then_422_at_once(self, referring):
        order = referring.order(urgency="high")
        got = await referring.doctor.post(referring.path, {"signed_data": referring.doctor.sign(order)})
        assert got.status_code == 422
        assert [each["entry"] for each in got.json()["error"]["invalid"]] == ["$.urgency"]

    async def test_without_the_scope_then_403(self, referring, registrar):
        assert (await registrar.post(referring.path, {"signed_data": "0"})).status_code == 403

    # JB-1
    async def test_of_an_unknown_patient_then_404(self, referring):
        body = {"signed_data": referring.doctor.sign(referring.order())}
        assert (await referring.doctor.post(f"/api/patients/{uuid4()}/service_requests", body)).status_code == 404

    # SR-15
    async def test_of_a_programme_that_does_not_have_the_service_then_422(self, referring, programme):
        order = referring.order(
            program=ref("medical_program", programme),
            code=ref("service", services.id_of(services.CONSULTATION)),
            category=concept(service_requests.CATEGORIES, "counselling"),
        )
        assert faults(await referring.send(order)) == [
            ("$.program.identifier.value", "Service is not included in the program")
        ]


class TestPrequalify:
    async def verdicts(self, referring, programme, **changes) -> list:
        order = {name: value for name, value in referring.order(**changes).items() if name != "id"}
        body = {"service_request": order, "programs": [ref("medical_program", programme)]}
        got = await referring.doctor.post(f"{referring.path}/prequalify", body)
        assert got.status_code == 200, got.text
        return got.json()["data"]

    # SR-15
    async def test_when_the_programme_pays_then_valid(self, referring, programme):
        assert await self.verdicts(referring, programme) == [
            {"program_id": str(programme), "program_name": "Програма медичних гарантій", "status": "VALID"}
        ]

    # SR-15
    @pytest.mark.parametrize(
        ("settings", "reason"),
        [
            ({"speciality_types_allowed": ("SURGERY",)}, "Employee's speciality doesn't match the medical program"),
            ({"conditions_icpc2_allowed": ("K74",)}, "Diagnoses of the encounter don't match the medical program"),
            ({"care_plan_required": True}, "Care plan is required by the medical program"),
        ],
    )
    async def test_when_its_settings_forbid_then_invalid_with_the_reason(self, referring, work, settings, reason):
        programme = await service_requests.programme(work, **settings)
        [found] = await self.verdicts(referring, programme)
        assert (found["status"], found["rejection_reason"]) == ("INVALID", reason)

    async def test_with_an_unknown_programme_then_422(self, referring):
        order = {name: value for name, value in referring.order().items() if name != "id"}
        body = {"service_request": order, "programs": [ref("medical_program", uuid4())]}
        got = await referring.doctor.post(f"{referring.path}/prequalify", body)
        assert (got.status_code, got.json()["error"]["invalid"][0]["entry"]) == (422, "$.programs[0].identifier.value")
