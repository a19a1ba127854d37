"""A patient chooses a doctor in a cabinet: asked, signed with the own КЕП, declared at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from esoz.central import declarations
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import Work
from tests.factories.declarations import PATH as CLINIC
from tests.factories.declarations import Declaring, answered, declarations_of, told
from tests.factories.people import make_adult
from tests.factories.world import Caller, World

PATH = "/api/pis/declaration_requests"
FIELD = "$.signed_content"


async def made(patient: Caller, doctor: Caller) -> dict[str, Any]:
    body = {"employee_id": doctor.employee_id, "division_id": doctor.division_id}
    data: dict[str, Any] = answered(await patient.post(PATH, body))["data"]
    return data


async def signed(patient: Caller, request: dict[str, Any], *, key: Caller | None = None, **changes: Any) -> Any:
    document = request["data_to_be_signed"] | changes
    if "person" not in changes:
        document["person"] = document["person"] | {"patient_signed": True}
    body = {"signed_content": (key or patient).sign(document), "signed_content_encoding": "base64"}
    return await patient.patch(f"{PATH}/{request['id']}/actions/sign", body)


class TestCreate:
    # CB-5
    async def test_with_a_doctor_elsewhere_then_the_text_to_be_signed(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        assert (request["status"], request["channel"]) == ("NEW", "PIS")
        assert request["employee"]["speciality"] == "FAMILY_DOCTOR"
        assert request["content"] == request["data_to_be_signed"]["content"]
        assert await db.fetchval("select count(*) from messages") == 0

    async def test_with_an_unknown_doctor_then_422(self, patient: Caller, doctor: Caller) -> None:
        answer = await patient.post(PATH, {"employee_id": uuid4(), "division_id": doctor.division_id})
        assert told(answer) == (422, "$.employee_id", "Employee does not exist")

    # DC-17
    async def test_with_a_full_doctor_then_the_published_refusal(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        await db.execute("update parties set declaration_count = 1800")
        body = {"employee_id": foreign_doctor.employee_id, "division_id": foreign_doctor.division_id}
        answer = await patient.post(PATH, body)
        assert told(answer) == (422, "", "This doctor has 1800 declarations and could not sign more")
        assert await db.fetchval("select count(*) from declaration_requests") == 0

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        body = {"employee_id": doctor.employee_id, "division_id": doctor.division_id}
        assert (await doctor.post(PATH, body)).status_code == 403


class TestSign:
    # DC-18, DC-21, CB-5
    async def test_then_declared_at_once_and_the_one_before_ends(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        answer = await signed(patient, request)
        assert (answer.status_code, answer.json()["data"]["status"]) == (201, "SIGNED")
        assert patient.person_id is not None
        assert set(await declarations_of(db, patient.person_id)) == {
            ("terminated", "request_cancelled"),
            ("active", None),
        }
        shown = answered(await patient.get(f"/api/pis/declarations/{request['declaration_id']}"))["data"]
        assert shown["declaration_number"] == request["declaration_number"]
        of_clinic = await foreign_doctor.get(f"/api/persons/{patient.person_id}/declaration")
        assert of_clinic.status_code == 200

    async def test_twice_then_422(self, patient: Caller, foreign_doctor: Caller) -> None:
        request = await made(patient, foreign_doctor)
        answered(await signed(patient, request))
        assert told(await signed(patient, request)) == (422, "$.status", "incorrect status")

    # SG-4
    async def test_with_the_key_of_another_then_422(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        answer = await signed(patient, request, key=foreign_doctor)
        assert told(answer) == (422, FIELD, "Does not match the signer drfo")

    # PS-15
    async def test_by_who_speaks_for_the_patient_then_taken(
        self, patient: Caller, doctor: Caller, foreign_doctor: Caller, work: Work, db: Connection
    ) -> None:
        speaker = await make_adult(work, 7, tax_id=doctor.tax_id)
        await db.execute(
            "insert into confidant_person_relationships (person_id, id, confidant_person_id, relation_type,"
            " documents_relationship, inserted_at, updated_at) values ($1, $2, $3, 'PRIMARY', $4, $5, $5)",
            patient.person_id,
            uuid4(),
            speaker.id,
            [{"type": "COURT_DECISION", "number": "1", "issued_by": "Суд", "issued_at": "2020-01-01"}],
            work.now,
        )
        answer = await signed(patient, await made(patient, foreign_doctor), key=doctor)
        assert answer.status_code == 201, answer.text

    # DC-19, SG-7
    async def test_of_another_text_then_422(self, patient: Caller, foreign_doctor: Caller) -> None:
        request = await made(patient, foreign_doctor)
        assert told(await signed(patient, request, content="Інше"))[:2] == (422, "$.content")
        unsigned = await signed(patient, request, person=request["data_to_be_signed"]["person"])
        assert told(unsigned)[:2] == (422, "$.person.patient_signed")

    # DC-1
    async def test_of_a_clinic_then_403(
        self, patient: Caller, foreign_doctor: Caller, world: World, db: Connection
    ) -> None:
        request = await Declaring(foreign_doctor, world.persons[0], db).approved()
        assert (await signed(patient, request)).status_code == 403

    # DC-1
    async def test_then_no_clinic_approves_it(self, patient: Caller, foreign_doctor: Caller) -> None:
        request = await made(patient, foreign_doctor)
        answer = await foreign_doctor.patch(f"{CLINIC}/{request['id']}/actions/approve")
        assert told(answer) == (403, "", "Declaration request should be approved by Patient")

    # DC-26
    async def test_a_day_later_then_422(self, patient: Caller, foreign_doctor: Caller, clock: FixedClock) -> None:
        request = await made(patient, foreign_doctor)
        clock.forward(timedelta(days=1))
        assert told(await signed(patient, request)) == (422, "$.status", "incorrect status")

    # DC-17
    async def test_doctor_became_full_then_refused(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        await db.execute("update parties set declaration_count = 1800")
        answer = await signed(patient, request)
        assert told(answer)[2] == "This doctor has 1800 declarations and could not sign more"

    # DC-23
    async def test_several_at_once_then_one_declaration(self, fresh_world: World, fresh_database: Database) -> None:
        patient, doctor = fresh_world.patient, fresh_world.foreign_doctor
        request = await made(patient, doctor)
        answers = await asyncio.gather(*(signed(patient, request) for _ in range(4)))
        assert sorted(each.status_code for each in answers) == [201, 422, 422, 422]
        async with fresh_database.connection() as db:
            assert patient.person_id is not None
            assert len(await declarations_of(db, patient.person_id)) == 2


class TestOwn:
    # CB-6
    async def test_list_then_own_ones_by_every_filter(
        self, patient: Caller, foreign_doctor: Caller, declaring: Declaring
    ) -> None:
        request = await made(patient, foreign_doctor)
        await declaring.create()  # of another person
        for filters, count in (
            ({}, 1),
            ({"status": "new"}, 1),
            ({"status": "NEW"}, 1),
            ({"status": "signed"}, 0),
            ({"status": "expired"}, 0),
            ({"channel": "PIS"}, 1),
            ({"channel": "MIS"}, 0),
            ({"start_date_from": "2026-11-22", "start_date_to": "2026-11-22"}, 1),
            ({"start_date_from": "2026-11-23"}, 0),
            ({"end_date_to": "2026-11-23"}, 0),
        ):
            listed = answered(await patient.get(PATH, **filters))["data"]
            assert [each["id"] for each in listed] == [request["id"]] * count, filters
        assert listed == [] and (await patient.get(PATH, status="old")).status_code == 422

    # CB-6
    async def test_of_another_person_then_not_found(self, patient: Caller, declaring: Declaring) -> None:
        theirs = answered(await declaring.create())["data"]
        assert (await patient.get(f"{PATH}/{theirs['id']}")).status_code == 404
        assert (await patient.patch(f"{PATH}/{theirs['id']}/actions/reject")).status_code == 404

    # DC-1
    async def test_given_up_then_closed_once(self, patient: Caller, foreign_doctor: Caller) -> None:
        request = await made(patient, foreign_doctor)
        path = f"{PATH}/{request['id']}"
        assert answered(await patient.patch(f"{path}/actions/reject"))["data"]["status"] == "REJECTED"
        assert answered(await patient.get(path))["data"]["status"] == "REJECTED"
        assert (await patient.patch(f"{path}/actions/reject")).status_code == 409

    async def test_request_of_a_clinic_then_the_patient_may_give_it_up(
        self, patient: Caller, foreign_doctor: Caller, world: World, db: Connection
    ) -> None:
        request = await Declaring(foreign_doctor, world.persons[0], db).approved()
        answered(await patient.patch(f"{PATH}/{request['id']}/actions/reject"))
        assert told(await Declaring(foreign_doctor, world.persons[0], db).sign(request))[1] == "$.status"

    async def test_of_a_person_who_is_gone_then_409(
        self, patient: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        request = await made(patient, foreign_doctor)
        await db.execute("update persons set death_date = '2026-11-22' where id = $1", patient.person_id)
        assert (await signed(patient, request)).status_code == 409
        assert await declarations.live_declaration(db, replace(patient).person_id) is not None
