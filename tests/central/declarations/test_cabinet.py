"""The first cabinet of patients: the same declarations and requests, approved by the patient, signed by the doctor."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.declarations import Declaring, answered, declarations_of, told
from tests.factories.world import Caller, World

REQUESTS, DECLARATIONS = "/api/cabinet/declaration_requests", "/api/cabinet/declarations"


async def made(patient: Caller, doctor: Caller) -> dict[str, Any]:
    body = {"person_id": patient.person_id, "employee_id": doctor.employee_id, "division_id": doctor.division_id}
    data: dict[str, Any] = answered(await patient.post(REQUESTS, body))["data"]
    return data


class TestCreate:
    # CB-5
    async def test_own_then_everybody_in_it_and_no_code(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        assert (request["status"], request["channel"]) == ("NEW", "CABINET")
        assert request["employee"]["speciality"] == "FAMILY_DOCTOR" and "data_to_be_signed" not in request
        assert await db.fetchval("select count(*) from messages") == 0

    async def test_for_another_person_then_403(self, patient: Caller, foreign_doctor: Caller, db: Connection) -> None:
        body = {
            "person_id": uuid4(),
            "employee_id": foreign_doctor.employee_id,
            "division_id": foreign_doctor.division_id,
        }
        answer = await patient.post(REQUESTS, body)
        assert told(answer)[0] == 403
        assert await db.fetchval("select count(*) from declaration_requests") == 0

    async def test_with_an_unknown_doctor_then_422(self, patient: Caller, doctor: Caller) -> None:
        body = {"person_id": patient.person_id, "employee_id": uuid4(), "division_id": doctor.division_id}
        assert told(await patient.post(REQUESTS, body)) == (422, "$.employee_id", "Employee does not exist")


class TestApprove:
    # CB-5, DC-18
    async def test_then_the_doctor_signs_and_it_is_declared(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        approved = answered(await patient.patch(f"{REQUESTS}/{request['id']}/actions/approve"))["data"]
        assert (approved["id"], approved["status"]) == (request["id"], "APPROVED")
        document = answered(await foreign_doctor.get(f"/api/v3/declaration_requests/{request['id']}"))["data"]
        clinic = Declaring(foreign_doctor, None, db)  # type: ignore[arg-type]  # whose person it is nobody asks
        declaration = answered(await clinic.sign(document))["data"]
        assert (declaration["id"], declaration["status"]) == (request["declaration_id"], "active")
        assert patient.person_id is not None
        assert ("active", None) in await declarations_of(db, patient.person_id)

    async def test_twice_then_409(self, patient: Caller, foreign_doctor: Caller) -> None:
        id = (await made(patient, foreign_doctor))["id"]
        answered(await patient.patch(f"{REQUESTS}/{id}/actions/approve"))
        answer = await patient.patch(f"{REQUESTS}/{id}/actions/approve")
        assert told(answer) == (409, "", "Invalid transition")

    async def test_when_the_term_is_over_then_409(
        self, patient: Caller, foreign_doctor: Caller, clock: FixedClock, db: Connection
    ) -> None:
        id = (await made(patient, foreign_doctor))["id"]
        await db.execute("update declaration_requests set expires_at = $1", clock.now())
        assert told(await patient.patch(f"{REQUESTS}/{id}/actions/approve")) == (409, "", "Invalid transition")

    # DC-1
    async def test_what_a_clinic_asked_for_then_403(self, patient: Caller, world: World, db: Connection) -> None:
        clinic = Declaring(world.foreign_doctor, world.persons[0], db)
        id = answered(await clinic.create(person_id=patient.person_id))["data"]["id"]
        answer = await patient.patch(f"{REQUESTS}/{id}/actions/approve")
        assert told(answer) == (403, "", "Declaration request should be approved by Doctor")
        found = answered(await patient.get(f"{REQUESTS}/{id}"))["data"]
        assert (found["channel"], found["employee_id"]) == ("MIS", str(world.foreign_doctor.employee_id))

    async def test_unknown_then_404(self, patient: Caller) -> None:
        assert (await patient.patch(f"{REQUESTS}/{uuid4()}/actions/approve")).status_code == 404

    # DC-17
    async def test_with_a_doctor_who_is_full_by_now_then_refused(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        id = (await made(patient, foreign_doctor))["id"]
        await db.execute("update parties set declaration_count = 1800")
        answer = await patient.patch(f"{REQUESTS}/{id}/actions/approve")
        assert told(answer) == (422, "", "This doctor has 1800 declarations and could not sign more")


class TestRequests:
    async def test_list_then_with_the_name_of_who_asked(self, patient: Caller, foreign_doctor: Caller) -> None:
        request = await made(patient, foreign_doctor)
        [row] = answered(await patient.get(REQUESTS, status="new"))["data"]
        assert (row["id"], row["channel"], row["person"]["id"]) == (request["id"], "CABINET", str(patient.person_id))
        assert row["person"]["last_name"]
        assert answered(await patient.get(REQUESTS, status="approved"))["data"] == []

    async def test_year_then_those_that_begin_in_it(self, patient: Caller, foreign_doctor: Caller) -> None:
        year = date.fromisoformat((await made(patient, foreign_doctor))["start_date"]).year
        assert len(answered(await patient.get(REQUESTS, start_year=year))["data"]) == 1
        assert answered(await patient.get(REQUESTS, start_year=year - 1))["data"] == []

    @pytest.mark.parametrize("path", [REQUESTS, DECLARATIONS])
    @pytest.mark.parametrize("year", ["", "26", "0001", "9999", "20266", "٢٠٢٦", "year"])
    async def test_what_is_no_year_then_422(self, patient: Caller, path: str, year: str) -> None:
        answer = await patient.get(path, start_year=year)
        assert told(answer)[:2] == (422, "$.start_year")

    async def test_unknown_status_then_422(self, patient: Caller) -> None:
        assert told(await patient.get(REQUESTS, status="odd"))[:2] == (422, "$.status")

    async def test_of_another_person_then_404(self, patient: Caller, doctor: Caller, db: Connection) -> None:
        id = (await made(patient, doctor))["id"]
        other = await db.fetchval("select id from persons where id <> $1 limit 1", patient.person_id)
        await db.execute("update declaration_requests set person_id = $1 where id = $2", other, id)
        assert (await patient.get(f"{REQUESTS}/{id}")).status_code == 404


class TestDeclarations:
    async def test_read_and_ended_then_terminated_by_the_patient(self, patient: Caller) -> None:
        [row] = answered(await patient.get(DECLARATIONS, status="active"))["data"]
        one = answered(await patient.get(f"{DECLARATIONS}/{row['id']}"))["data"]
        assert one["id"] == row["id"] and one["content"]
        ended = answered(
            await patient.patch(f"{DECLARATIONS}/{row['id']}/actions/terminate", {"reason_description": "переїзд"})
        )["data"]
        assert (ended["status"], ended["reason_description"]) == ("terminated", "переїзд")
        again = await patient.patch(f"{DECLARATIONS}/{row['id']}/actions/terminate", {})
        assert told(again) == (409, "", "Declaration is not active")

    async def test_year_then_those_that_begin_in_it(self, patient: Caller) -> None:
        [row] = answered(await patient.get(DECLARATIONS))["data"]
        year = date.fromisoformat(row["start_date"]).year
        assert len(answered(await patient.get(DECLARATIONS, start_year=year))["data"]) == 1
        assert answered(await patient.get(DECLARATIONS, start_year=year + 1))["data"] == []

    async def test_of_another_person_then_404(self, patient: Caller) -> None:
        assert (await patient.get(f"{DECLARATIONS}/{uuid4()}")).status_code == 404

    async def test_worker_then_403(self, doctor: Caller) -> None:
        assert (await doctor.get(DECLARATIONS)).status_code == 403


class TestPerson:
    async def test_details_then_with_masked_ways_to_authenticate(self, patient: Caller, db: Connection) -> None:
        data = answered(await patient.get("/api/cabinet/persons/details"))["data"]
        assert data["id"] == str(patient.person_id) and data["verification"]
        assert all("*" in each["phone_number"] for each in data["authentication_methods"] if "phone_number" in each)
        event = await db.fetchval("select event from audit_events order by at desc, id desc limit 1")
        assert event == "person.own_record_read"

    async def test_factor_then_the_telephone_of_codes(self, patient: Caller, db: Connection) -> None:
        phone = await db.fetchval(
            "select phone_number from authentication_methods where person_id = $1 and type = 'OTP'", patient.person_id
        )
        data = answered(await patient.get("/api/cabinet/authentication_factor"))["data"]
        assert (data["type"], data["factor"], data["user_id"]) == ("sms", phone, str(patient.user_id))

    async def test_no_telephone_then_404(self, patient: Caller, db: Connection) -> None:
        await db.execute(
            "update authentication_methods set type = 'OFFLINE', phone_number = null where person_id = $1",
            patient.person_id,
        )
        assert (await patient.get("/api/cabinet/authentication_factor")).status_code == 404
