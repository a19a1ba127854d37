"""Care plans: the whole way of a right one, each reason to refuse a wrong one, who reads it, how it ends."""

import base64
from datetime import timedelta
from uuid import uuid4

from esoz.central.care_plans.periodic import terminate_plans
from esoz.kernel import documents
from tests.factories.prescriptions import texts
from tests.factories.records import ICPC2, concept, moment, ref


def faults(done) -> list:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", 422), done.text
    return [(each["entry"], each["rules"][0]["description"]) for each in data["error"]["invalid"]]


def conflict(done) -> str:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", 409), done.text
    return data["error"]["message"]


class TestCreate:
    # CP-1, CP-6
    async def test_when_signed_then_a_job_that_leads_to_it(self, planning, db):
        plan = planning.plan(contributor=[ref("employee", planning.doctor.employee_id)], note="Дієта")
        done = await planning.send(plan)
        link = {"entity": "care_plan", "href": f"{planning.path}/{plan['id']}"}
        assert (done.status_code, done.json()["data"].get("links")) == (303, [link]), done.text
        data = await planning.read(plan["id"])
        assert (data["status"], [each["status"] for each in data["status_history"]]) == ("new", ["new"])
        assert data["managing_organization"]["identifier"]["value"] == str(planning.doctor.client_id)
        assert data["author"]["display_value"] and data["managing_organization"]["display_value"]
        assert any(data["requisition"] in text for text in await texts(db))

    async def test_when_stored_then_the_signed_document_is_kept(self, planning, db, dependencies):
        plan = planning.plan()
        signed = planning.doctor.sign(plan)
        await planning.outcome(await planning.doctor.post(planning.path, {"signed_data": signed}))
        name = await db.fetchval("select signed_document from care_plans where id = $1::uuid", plan["id"])
        assert await documents.read(db, dependencies.objects, name) == base64.b64decode(signed)

    async def test_when_sent_twice_then_422(self, planning):
        plan = planning.plan()
        await planning.send(plan)
        assert faults(await planning.send(plan)) == [("$.id", f"Care plan with id '{plan['id']}' already exists")]

    # CP-1
    async def test_when_another_is_the_author_then_409(self, planning, world):
        plan = planning.plan(author=ref("employee", world.foreign_doctor.employee_id))
        assert conflict(await planning.send(plan)) == "Employee does not belong to current legal entity"

    # CP-1
    async def test_when_signed_by_another_then_refused(self, planning, world):
        signed = world.foreign_doctor.sign(planning.plan())
        done = await planning.outcome(await planning.doctor.post(planning.path, {"signed_data": signed}))
        assert faults(done) == [("$.signed_data", "Does not match the signer drfo")]

    # CP-2
    async def test_when_the_visit_has_not_found_it_then_422(self, planning):
        done = await planning.send(planning.plan(addresses=[concept(ICPC2, "A01")]))
        message = "Care plan diagnosis is not defined in the encounter"
        assert faults(done) == [("$.addresses[0].coding[0].code", message)]

    # CP-2
    async def test_when_the_encounter_is_not_there_then_422(self, planning):
        [(entry, _)] = faults(await planning.send(planning.plan(encounter=ref("encounter", uuid4()))))
        assert entry == "$.encounter.identifier.value"

    # CP-3
    async def test_when_the_period_is_over_then_422(self, planning):
        now = planning.chart.visiting.now
        period = {"start": moment(now - timedelta(days=2)), "end": moment(now - timedelta(days=1))}
        done = await planning.send(planning.plan(period=period))
        assert faults(done) == [("$.period.end", "Care Plan end date must be in the future")]

    # CP-4
    async def test_when_based_on_a_plan_that_is_not_there_then_422(self, planning):
        done = await planning.send(planning.plan(based_on=ref("care_plan", uuid4())))
        assert faults(done) == [("$.based_on.identifier.value", "Care plan with such id is not found")]

    # CP-4
    async def test_when_part_of_a_cancelled_one_then_422(self, planning):
        ended = await planning.written()
        await planning.cancel(ended)
        done = await planning.send(planning.plan(part_of=ref("care_plan", ended["id"])))
        assert faults(done) == [("$.part_of.identifier.value", "Care plan is not active")]


class TestRead:
    # CP-13
    async def test_by_another_clinic_then_403_until_the_patient_lets_in(self, planning, world):
        plan = await planning.written()
        for id in (plan["id"], uuid4()):
            assert (await world.foreign_doctor.get(f"{planning.path}/{id}")).status_code == 403
        assert (await world.foreign_doctor.get(planning.path)).status_code == 403

    async def test_when_not_there_then_404(self, planning):
        assert (await planning.doctor.get(f"{planning.path}/{uuid4()}")).status_code == 404

    async def test_list_is_narrowed_by_each_filter(self, planning):
        plan = await planning.written()
        other = await planning.written(based_on=ref("care_plan", plan["id"]))
        clinic, today = planning.doctor.client_id, planning.chart.visiting.now.date()
        right = {
            "legal_entity_id": clinic,
            "managing_organization_id": clinic,
            "encounter_id": planning.chart.visiting.encounter,
            "requisition": other["requisition"],
            "based_on": plan["id"],
            "status": "new",
            "period_date": today,
        }
        wrong = {
            "encounter_id": uuid4(),
            "requisition": plan["requisition"],
            "based_on": other["id"],
            "part_of": plan["id"],
            "status": "active",
            "period_date": today - timedelta(days=9),
        }
        for name, value in right.items():
            got = await planning.doctor.get(planning.path, **{name: value})
            assert other["id"] in [each["id"] for each in got.json()["data"]], name
        for name, value in wrong.items():
            got = await planning.doctor.get(planning.path, **{name: value})
            assert other["id"] not in [each["id"] for each in got.json()["data"]], name

    async def test_second_version_asks_for_category_and_diagnosis(self, planning):
        plan = await planning.written()
        path = f"/api/v2{planning.path.removeprefix('/api')}"
        for query, there in (({"category": "diabetics", "addresses": "R80"}, True), ({"addresses": "A01"}, False)):
            got = await planning.doctor.get(path, **query)
            assert (plan["id"] in [each["id"] for each in got.json()["data"]]) is there, got.text

    async def test_summary_tells_not_what_it_is_about(self, planning):
        plan = await planning.written()
        got = await planning.doctor.get(f"{planning.chart.path}/summary/care_plans")
        [found] = [each for each in got.json()["data"] if each["id"] == plan["id"]]
        assert "addresses" not in found and found["requisition"] == plan["requisition"]

    # CP-15
    async def test_by_its_number_then_found_by_any_clinic(self, planning, world):
        plan = await planning.written()
        got = await world.foreign_doctor.get("/api/care_plans", requisition=plan["requisition"].lower())
        [found] = got.json()["data"]
        assert (found["id"], len(found["identity"]["first_name"])) == (plan["id"], 2)
        assert (await world.foreign_doctor.get("/api/care_plans", requisition="0000")).json()["data"] == []

    async def test_by_the_patient_then_their_own(self, planning, world):
        plan = await planning.written()
        activity = await planning.planned(plan["id"])
        base = "/api/pis/person/care_plans"
        assert plan["id"] in [each["id"] for each in (await world.patient.get(base)).json()["data"]]
        assert (await world.patient.get(f"{base}/{plan['id']}")).json()["data"]["title"] == plan["title"]
        got = await world.patient.get(f"{base}/{plan['id']}/activities")
        assert [each["id"] for each in got.json()["data"]] == [activity["id"]]
        assert (await world.patient.get(f"{base}/{uuid4()}")).status_code == 404


class TestEnd:
    # CP-5, CP-11
    async def test_when_cancelled_then_why_stands_in_its_history(self, planning, db):
        plan = await planning.written()
        done = await planning.cancel(plan)
        assert done.json()["data"]["status"] == "processed", done.text
        data = await planning.read(plan["id"])
        assert data["status"] == "cancelled"
        assert data["status_history"][-1]["status_reason"]["coding"][0]["code"] == "default"
        assert any(text.startswith("Скасовано план лікування") for text in await texts(db))
        assert conflict(await planning.cancel(data)) == "Care plan in status cancelled cannot be cancelled"

    # CP-11
    async def test_when_cancelled_with_another_content_then_422(self, planning):
        plan = await planning.written()
        [(entry, _)] = faults(await planning.cancel(plan, title="Інший"))
        assert entry == "$.title"

    # CP-11
    async def test_when_the_reason_is_of_another_dictionary_then_422(self, planning):
        plan = await planning.written()
        done = await planning.cancel(plan, status_reason=concept("eHealth/care_plan_complete_reasons", "default"))
        assert faults(done)[0][0] == "$.status_reason.coding[0].system"

    # CP-7
    async def test_by_another_clinic_then_404(self, planning, world):
        plan = await planning.written()
        who = world.foreign_doctor
        body = {"signed_data": who.sign(plan)}
        assert (await who.patch(f"{planning.path}/{plan['id']}/actions/cancel", body)).status_code == 404

    # CP-11
    async def test_when_something_is_scheduled_then_409(self, planning):
        plan = await planning.written()
        await planning.planned(plan["id"])
        message = "Care plan has scheduled or in progress activities"
        assert conflict(await planning.cancel(await planning.read(plan["id"]))) == message
        assert conflict(await planning.complete(plan["id"])) == message

    # CP-5, CP-11
    async def test_when_all_was_done_then_completed(self, planning):
        plan = await planning.written()
        assert conflict(await planning.complete(plan["id"])) == "Care plan in status new cannot be completed"
        await planning.complete_activity(await planning.planned(plan["id"]))
        done = await planning.complete(plan["id"])
        assert done.json()["data"]["status"] == "processed", done.text
        assert (await planning.read(plan["id"]))["status"] == "completed"

    # CP-11
    async def test_when_nothing_was_done_then_it_cannot_be_completed(self, planning):
        plan = await planning.written()
        await planning.cancel_activity(await planning.planned(plan["id"]))
        assert conflict(await planning.complete(plan["id"])) == "Care plan has no completed activities"

    # CP-14
    async def test_when_its_period_is_over_then_terminated(self, planning, work, db):
        plan = await planning.written()
        await db.execute("update care_plans set ended_at = $1 where id = $2::uuid", work.now, plan["id"])
        await db.execute(
            "update care_plans set ended_at = ended_at - interval '1 second' where id = $1::uuid", plan["id"]
        )
        assert conflict(await planning.send(planning.activity(plan["id"]), plan_id=plan["id"])) == (
            "Care Plan end date is expired"
        )
        await terminate_plans(work)
        data = await planning.read(plan["id"])
        assert (data["status"], data["status_history"][-1]["status"]) == ("terminated", "terminated")
