"""Reading referrals: who may, what lists are narrowed by, what the patient sees, what ends by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.service_requests import periodic_tasks
from esoz.kernel.work import NOBODY, Work
from tests.factories.prescriptions import texts
from tests.factories.records import ref


class TestLists:
    async def test_when_narrowed_then_only_what_fits(self, referring, foreign_doctor):
        data = await referring.written()
        doctor, of = referring.doctor, referring.chart.visiting
        right = {
            "status": "active",
            "requester_legal_entity": doctor.client_id,
            "episode_id": of.episode,
            "code": data["code"]["identifier"]["value"],
        }
        for name, value in right.items():
            got = await doctor.get(referring.path, **{name: value})
            assert [each["id"] for each in got.json()["data"]] == [data["id"]], name
        wrong = {name: uuid4() for name in (*right, "used_by_legal_entity", "care_plan_id")} | {"status": "completed"}
        for name, value in wrong.items():
            assert (await doctor.get(referring.path, **{name: value})).json()["data"] == [], name

    async def test_of_an_episode_then_its_active_ones(self, referring):
        data = await referring.written()
        path = f"{referring.chart.path}/episodes/{referring.chart.visiting.episode}/service_requests"
        got = await referring.doctor.get(path)
        assert [each["id"] for each in got.json()["data"]] == [data["id"]]
        assert (await referring.doctor.get(f"{path}/{data['id']}")).json()["data"]["id"] == data["id"]
        assert (await referring.doctor.get(f"{path}/{uuid4()}")).status_code == 404
        other = f"{referring.chart.path}/episodes/{uuid4()}/service_requests"
        assert (await referring.doctor.get(other)).status_code == 404
        assert (await referring.doctor.get(f"{other}/{data['id']}")).status_code == 404

    async def test_of_nobody_then_404(self, referring):
        path = f"/api/patients/{uuid4()}/service_requests"
        got = await referring.doctor.get(path, requester_legal_entity=referring.doctor.client_id)
        assert got.status_code == 404

    async def test_with_an_unknown_parameter_then_422(self, referring):
        assert (await referring.doctor.get(referring.path, colour="red")).status_code == 422


class TestAccess:
    # SR-13, AB-1: a stranger sees nothing of the patient until their clinic has taken the referral
    async def test_when_another_clinic_then_403_until_it_has_taken_it(self, referring, foreign_doctor):
        data = await referring.written()
        path = f"{referring.path}/{data['id']}"
        assert (await foreign_doctor.get(path)).status_code == 403
        assert (await foreign_doctor.get(referring.path)).status_code == 403
        await referring.use(foreign_doctor, data["id"])
        assert (await foreign_doctor.get(path)).status_code == 200
        own = await foreign_doctor.get(referring.path, used_by_legal_entity=foreign_doctor.client_id)
        assert [each["id"] for each in own.json()["data"]] == [data["id"]]

    # AB-1: who may see nothing of the patient is not told what there is
    async def test_when_a_stranger_asks_for_nothing_then_403_as_for_something(self, referring, foreign_doctor):
        data = await referring.written()
        answers = [await foreign_doctor.get(f"{referring.path}/{id}") for id in (data["id"], uuid4())]
        episode = f"{referring.chart.path}/episodes/{uuid4()}/service_requests"
        answers.append(await foreign_doctor.get(f"{episode}/{data['id']}"))
        assert [each.status_code for each in answers] == [403, 403, 403]

    async def test_of_nothing_then_404(self, referring):
        assert (await referring.doctor.get(f"{referring.path}/{uuid4()}")).status_code == 404

    async def test_when_read_then_the_patient_finds_it_in_the_log(self, referring, foreign_doctor, db):
        data = await referring.written()
        await foreign_doctor.get("/api/service_requests", requisition=data["requisition"])
        events = [
            row["event"]
            for row in await db.fetch("select event from audit_events where patient_id = $1", referring.person_id)
        ]
        assert {"service_request.created", "service_request.found_by_number"} <= set(events)


class TestOwn:
    async def test_when_the_patient_asks_then_their_own(self, referring, patient):
        data = await referring.written()
        await referring.end("recall", await referring.written())
        got = await patient.get("/api/pis/person/service_requests")
        assert [each["status"] for each in got.json()["data"]] == ["recalled", "active"] or len(got.json()["data"]) == 2
        active = await patient.get("/api/pis/person/service_requests", status="active")
        assert [each["requisition"] for each in active.json()["data"]] == [data["requisition"]]
        one = await patient.get(f"/api/pis/person/service_requests/{data['id']}")
        assert one.json()["data"]["note"] == data["note"]
        assert (await patient.get(f"/api/pis/person/service_requests/{uuid4()}")).status_code == 404

    async def test_when_a_doctor_asks_then_403(self, referring):
        assert (await referring.doctor.get("/api/pis/person/service_requests")).status_code == 403


class TestResend:
    async def test_when_asked_again_then_another_sms(self, referring, db, foreign_doctor):
        data = await referring.written()
        path = f"{referring.path}/{data['id']}/actions/resend"
        got = await referring.doctor.patch(path)
        assert (got.status_code, got.json()["data"]["id"]) == (201, data["id"])
        assert sum(data["requisition"] in text for text in await texts(db)) == 2
        assert (await foreign_doctor.patch(path)).status_code == 404
        await referring.end("recall", data)
        assert (await referring.doctor.patch(path)).status_code == 409


class TestExpiry:
    async def expire(self, db, dependencies, now) -> Work:
        work = Work(NOBODY, now, db, dependencies)
        for _, _, task in periodic_tasks:
            await task(work)
        return work

    # SR-12
    async def test_when_nobody_took_it_in_its_term_then_recalled_and_told(
        self, referring, programme, foreign_doctor, db, dependencies
    ):
        left = await referring.written(program=ref("medical_program", programme))
        taken = await referring.written()
        await referring.use(foreign_doctor, taken["id"])
        last = referring.doctor.now.replace(year=2027, hour=21, minute=59, second=59)
        assert not (await self.expire(db, dependencies, last)).recorded
        work = await self.expire(db, dependencies, last + timedelta(seconds=1))
        assert [entry.event for entry in work.recorded] == ["service_request.expired"]
        data = await referring.read(left["id"])
        assert (data["status"], data["program_processing_status"]) == ("recalled", "cancelled")
        assert (
            data["status_reason"]["coding"][0]["code"]
            == data["status_history"][-1]["status_reason"]["coding"][0]["code"]
        )
        assert data["status_reason"]["coding"][0]["code"] == "autoexpired"
        assert (await referring.read(taken["id"]))["status"] == "active"


class TestRaces:
    # SR-8: of two clinics exactly one has it
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    async def test_when_two_clinics_take_it_then_the_first_job_wins(self, referring, foreign_doctor, specialist, order):
        id = (await referring.written())["id"]
        both = (foreign_doctor, specialist)
        accepted = []
        for place in order:
            who = both[place]
            body = {"used_by_legal_entity": ref("legal_entity", who.client_id)}
            accepted.append((who, await who.patch(f"/api/service_requests/{id}/actions/use", body)))
        outcomes = [(await referring.outcome(job, by=who)).status_code for who, job in accepted]
        assert outcomes == [303, 200]
