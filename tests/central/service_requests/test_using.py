"""The other clinic: finds a referral by its number, takes it, gives it back, answers it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.central.records.test_hidden import GROUPS, imported
from tests.central.service_requests.test_writing import conflict, faults
from tests.factories import services
from tests.factories.prescriptions import texts
from tests.factories.records import concept, ref
from tests.factories.service_requests import REASONS

pytestmark = pytest.mark.usefixtures("programme")


class TestSearch:
    # SR-13
    async def test_when_another_clinic_has_the_number_then_found_with_whose_it_is(
        self, referring, foreign_doctor, world
    ):
        data = await referring.written()
        for typed in (data["requisition"], data["requisition"].replace("-", ""), data["requisition"].replace("-", " ")):
            got = await foreign_doctor.get("/api/service_requests", requisition=typed)
            [found] = got.json()["data"]
            assert (found["id"], found["identity"]["first_name"][1:]) == (data["id"], ".")
            assert found["identity"]["last_name"] == world.persons[0].last_name

    # SR-13
    @pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "AX654-654T", "' or 1=1 --", "1" * 40, " "])
    async def test_when_nobody_has_the_number_then_nothing(self, referring, foreign_doctor, typed):
        got = await foreign_doctor.get("/api/service_requests", requisition=typed)
        assert (got.status_code, got.json()["data"]) == (200, [])

    async def test_when_it_has_another_status_then_only_asked_for_by_that(self, referring, foreign_doctor):
        data = await referring.written()
        await referring.end("recall", data)
        number = data["requisition"]
        assert (await foreign_doctor.get("/api/service_requests", requisition=number)).json()["data"] == []
        got = await foreign_doctor.get("/api/service_requests", requisition=number, status="recalled")
        assert [each["id"] for each in got.json()["data"]] == [data["id"]]

    # AB-7
    async def test_when_a_group_hides_its_reason_then_found_without_its_words(self, referring, foreign_doctor, work):
        data = await referring.written()
        await imported(work, GROUPS)
        [found] = (await foreign_doctor.get("/api/service_requests", requisition=data["requisition"])).json()["data"]
        [told], [ours] = found["reason_reference"], (await referring.read(data["id"]))["reason_reference"]
        assert (told["identifier"], told["display_value"]) == (ours["identifier"], "")
        assert ours["display_value"] == "Грип"

    async def test_without_a_number_then_422(self, referring, foreign_doctor):
        assert (await foreign_doctor.get("/api/service_requests")).status_code == 422


class TestQualify:
    # SR-15
    async def test_when_its_programme_pays_then_valid_and_else_invalid(self, referring, foreign_doctor, programme):
        paid = await referring.written(program=ref("medical_program", programme))
        other = await referring.written(
            code=ref("service", services.id_of(services.CONSULTATION)),
            category=concept("eHealth/SNOMED/service_request_categories", "counselling"),
        )
        body = {"programs": [ref("medical_program", programme)]}
        statuses = []
        for each in (paid, other):
            got = await foreign_doctor.post(f"/api/service_requests/{each['id']}/actions/qualify", body)
            statuses.append(got.json()["data"][0]["status"])
        assert statuses == ["VALID", "INVALID"]

    # SR-15
    async def test_of_another_kind_than_a_programme_then_422(self, referring, foreign_doctor, programme):
        id = (await referring.written())["id"]
        body = {"programs": [ref("medical_program", programme), ref("episode", programme)]}
        got = await foreign_doctor.post(f"/api/service_requests/{id}/actions/qualify", body)
        [fault] = got.json()["error"]["invalid"]
        assert (got.status_code, fault["entry"]) == (422, "$.programs[1].identifier.type.coding[0].code")

    async def test_of_nothing_then_404(self, referring, foreign_doctor, programme):
        body = {"programs": [ref("medical_program", programme)]}
        got = await foreign_doctor.post(f"/api/service_requests/{uuid4()}/actions/qualify", body)
        assert got.status_code == 404


class TestUse:
    # SR-7, SR-8
    async def test_when_taken_then_active_and_in_progress_by_the_programme(self, referring, foreign_doctor, programme):
        data = await referring.written(program=ref("medical_program", programme))
        done = await referring.use(foreign_doctor, data["id"], program=ref("medical_program", programme))
        assert done.status_code == 303, done.text
        taken = await referring.read(data["id"], by=foreign_doctor)
        assert (taken["status"], taken["program_processing_status"]) == ("active", "in_progress")
        assert taken["used_by_legal_entity"]["identifier"]["value"] == str(foreign_doctor.client_id)
        assert taken["used_by_employee"]["display_value"]
        assert [each["program_processing_status"] for each in taken["program_processing_status_history"]] == [
            "new",
            "in_progress",
        ]
        assert len(taken["used_by_legal_entity_history"]) == len(taken["used_by_employee_history"]) == 1

    # SR-8
    async def test_when_another_clinic_has_it_then_409(self, referring, foreign_doctor, specialist):
        data = await referring.written()
        await referring.use(foreign_doctor, data["id"])
        assert conflict(await referring.use(specialist, data["id"])) == "Service request is already used"
        again = await referring.use(foreign_doctor, data["id"], used_by_employee=None)
        assert again.status_code == 303

    # SR-8
    async def test_when_its_term_is_over_then_409(self, referring, foreign_doctor, db):
        data = await referring.written()
        late = foreign_doctor.now - timedelta(seconds=1)
        await db.execute("update service_requests set expires_at = $1", late)
        assert conflict(await referring.use(foreign_doctor, data["id"])) == "Service request is expired"

    # SR-8
    async def test_when_recalled_then_409(self, referring, foreign_doctor):
        data = await referring.written()
        await referring.end("recall", data)
        assert conflict(await referring.use(foreign_doctor, data["id"])) == "Can't use inactive service request"

    # SR-8
    async def test_for_another_clinic_or_a_stranger_then_422(self, referring, foreign_doctor, specialist, registrar):
        id = (await referring.written())["id"]
        clinic = await referring.use(foreign_doctor, id, used_by_legal_entity=ref("legal_entity", specialist.client_id))
        message = "You can assign service request only to your legal entity"
        assert faults(clinic) == [("$.used_by_legal_entity.identifier.value", message)]
        for who in (specialist, registrar):
            done = await referring.use(foreign_doctor, id, used_by_employee=ref("employee", who.employee_id))
            assert faults(done) == [("$.used_by_employee.identifier.value", "Employee is not an active doctor")]
        nobody = await referring.use(foreign_doctor, id, used_by_employee=ref("employee", uuid4()))
        assert faults(nobody) == [("$.used_by_employee.identifier.value", "Employee with such ID is not found")]

    # SR-8
    @pytest.mark.parametrize("field", ["used_by_legal_entity", "used_by_employee", "used_by_division", "program"])
    async def test_when_a_reference_is_of_another_kind_then_422(self, referring, foreign_doctor, field):
        id = (await referring.written())["id"]
        done = await referring.use(foreign_doctor, id, **{field: ref("episode", foreign_doctor.client_id)})
        entry = f"$.{field}.identifier.type.coding[0].code"
        assert (entry, "value is not allowed in enum") in faults(done)
        assert "used_by_legal_entity" not in await referring.read(id)

    async def test_by_another_programme_then_422(self, referring, foreign_doctor, programme):
        data = await referring.written(program=ref("medical_program", programme))
        done = await referring.use(foreign_doctor, data["id"], program=ref("medical_program", uuid4()))
        assert faults(done)[0][0] == "$.program.identifier.value"

    async def test_of_nothing_then_404_and_of_an_odd_body_422(self, referring, foreign_doctor):
        body = {"used_by_legal_entity": ref("legal_entity", foreign_doctor.client_id)}
        got = await foreign_doctor.patch(f"/api/service_requests/{uuid4()}/actions/use", body)
        assert got.status_code == 404
        id = (await referring.written())["id"]
        assert (await foreign_doctor.patch(f"/api/service_requests/{id}/actions/use", {})).status_code == 422


class TestRelease:
    # SR-9, BG-17
    async def test_when_given_back_then_another_may_take_it_and_nobody_else_gives_it_back(
        self, referring, foreign_doctor, specialist, programme
    ):
        id = (await referring.written(program=ref("medical_program", programme)))["id"]
        assert conflict(await referring.act(foreign_doctor, id, "release")) == "Service request must be used"
        await referring.use(foreign_doctor, id)
        message = "Service request is used by another legal entity"
        assert conflict(await referring.act(specialist, id, "release")) == message
        assert (await referring.act(foreign_doctor, id, "release")).status_code == 303
        free = await referring.read(id)
        assert "used_by_legal_entity" not in free and free["program_processing_status"] == "new"
        assert (await referring.use(specialist, id)).status_code == 303
        assert len((await referring.read(id))["used_by_legal_entity_history"]) == 2

    async def test_when_the_programme_was_the_performers_then_it_goes_with_them(
        self, referring, foreign_doctor, specialist, programme
    ):
        id = (await referring.written())["id"]
        paid = ref("medical_program", programme)
        assert (await referring.use(foreign_doctor, id, program=paid)).status_code == 303
        assert (await referring.read(id))["program_processing_status"] == "in_progress"
        await referring.act(foreign_doctor, id, "release")
        free = await referring.read(id)
        assert "program_processing_status" not in free
        assert (await referring.use(specialist, id, program=paid)).status_code == 303


class TestProcess:
    # SR-10
    async def test_when_begun_then_in_progress_and_neither_recalled_nor_taken(self, referring, foreign_doctor):
        id = (await referring.written())["id"]
        await referring.use(foreign_doctor, id)
        assert (await referring.act(foreign_doctor, id, "process")).status_code == 303
        data = await referring.read(id)
        assert data["status"] == "in_progress"
        assert (
            conflict(await referring.end("recall", data)) == "Service request in status in_progress cannot be recalled"
        )
        assert conflict(await referring.act(foreign_doctor, id, "process")) == "Invalid service request status"
        await referring.act(foreign_doctor, id, "release")
        assert (await referring.read(id))["status"] == "active"


class TestComplete:
    # SR-10
    async def test_when_answered_then_completed_with_the_record(self, referring, foreign_doctor, programme):
        id = (await referring.written(program=ref("medical_program", programme)))["id"]
        await referring.use(foreign_doctor, id)
        body = {
            "completed_with": ref("encounter", referring.chart.visiting.encounter),
            "status_reason": concept(REASONS["complete"], "default"),
        }
        assert (await referring.act(foreign_doctor, id, "complete", body)).status_code == 303
        data = await referring.read(id)
        assert (data["status"], data["program_processing_status"]) == ("completed", "completed")
        assert data["completed_with"]["identifier"] == body["completed_with"]["identifier"]
        again = await referring.act(foreign_doctor, id, "complete", body)
        assert conflict(again) == "Service request with status completed can't be closed"

    # SR-10
    @pytest.mark.parametrize(
        ("body", "entry"),
        [
            ({}, "$"),
            ({"completed_with": ref("encounter", uuid4())}, "$.completed_with.identifier.value"),
            (
                {
                    "status_reason": concept(REASONS["complete"], "default"),
                    "program_service": ref("program_service", uuid4()),
                },
                "$.program_service.identifier.value",
            ),
        ],
    )
    async def test_with_nothing_that_stands_then_422(self, referring, foreign_doctor, body, entry):
        id = (await referring.written())["id"]
        await referring.use(foreign_doctor, id)
        assert faults(await referring.act(foreign_doctor, id, "complete", body))[0][0] == entry

    # SR-10
    async def test_by_who_has_not_taken_it_then_409(self, referring, foreign_doctor, specialist):
        id = (await referring.written())["id"]
        body = {"status_reason": concept(REASONS["complete"], "default")}
        assert conflict(await referring.act(specialist, id, "complete", body)) == "Service request must be used"
        await referring.use(foreign_doctor, id)
        message = "Service request is used by another legal entity"
        assert conflict(await referring.act(specialist, id, "complete", body)) == message

    async def test_without_the_scope_then_403(self, referring, registrar):
        assert (await registrar.patch(f"/api/service_requests/{uuid4()}/actions/complete", {})).status_code == 403


class TestEnds:
    # SR-11
    @pytest.mark.parametrize(("action", "status"), [("recall", "recalled"), ("cancel", "entered_in_error")])
    async def test_when_signed_over_what_was_read_then_over_and_the_patient_is_told(
        self, referring, db, action, status
    ):
        data = await referring.written()
        assert (await referring.end(action, data)).status_code == 303
        ended = await referring.read(data["id"])
        assert (ended["status"], ended["status_reason"]["coding"][0]["code"]) == (status, "default")
        told = [text for text in await texts(db) if data["requisition"] in text]
        assert len(told) == 2 and any("22.11.2026" in text for text in told)
        assert conflict(await referring.end(action, ended)).startswith(f"Service request in status {status} cannot be")

    # SR-11
    async def test_when_a_clinic_has_taken_it_then_not_recalled_but_cancelled(
        self, referring, foreign_doctor, programme
    ):
        data = await referring.written(program=ref("medical_program", programme))
        await referring.use(foreign_doctor, data["id"])
        taken = await referring.read(data["id"])
        assert conflict(await referring.end("recall", taken)) == "Service request is already used"
        assert (await referring.end("cancel", taken)).status_code == 303
        assert (await referring.read(data["id"]))["program_processing_status"] == "cancelled"

    # SR-11
    async def test_when_the_content_differs_then_422_at_the_place(self, referring):
        data = await referring.written()
        [(entry, message)] = faults(await referring.end("recall", data, note="Інше"))
        assert (entry, message) == ("$.note", "Signed content doesn't match with previously created service request")

    async def test_with_a_reason_of_another_dictionary_then_422(self, referring):
        data = await referring.written()
        reason = concept(REASONS["cancel"], "default")
        assert faults(await referring.end("recall", data, status_reason=reason)) == [
            ("$.status_reason.coding[0].system", "value is not allowed in enum")
        ]

    async def test_by_another_clinic_then_404(self, referring, foreign_doctor):
        data = await referring.written()
        body = {"signed_data": foreign_doctor.sign(data)}
        path = f"{referring.path}/{data['id']}/actions/recall"
        assert (await foreign_doctor.patch(path, body)).status_code == 404
