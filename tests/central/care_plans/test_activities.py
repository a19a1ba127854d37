"""What a plan plans: added, tried with programmes, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.central.care_plans.test_plans import conflict, faults
from tests.factories import service_requests, services
from tests.factories.records import moment, ref

PRODUCT = "$.detail.product_reference.identifier.value"


class TestCreate:
    # CP-5, CP-7
    async def test_when_signed_then_the_plan_begins_with_it(self, planning, programme):
        plan = await planning.written()
        data = await planning.planned(plan["id"], program=ref("medical_program", programme))
        detail = data["detail"]
        assert (detail["status"], detail["remaining_quantity"]["value"]) == ("scheduled", 3)
        assert detail["product_reference"]["display_value"] == "Інша електрокардіографія [ЕКГ]"
        assert detail["program"]["display_value"] == "Програма медичних гарантій"
        assert (await planning.read(plan["id"]))["status"] == "active"
        got = await planning.doctor.get(f"{planning.path}/{plan['id']}/activities", kind="service_request")
        assert [each["id"] for each in got.json()["data"]] == [data["id"]]
        for wrong in ({"kind": "device_request"}, {"status": "completed"}, {"author": uuid4()}):
            got = await planning.doctor.get(f"{planning.path}/{plan['id']}/activities", **wrong)
            assert got.json()["data"] == [], wrong

    async def test_when_sent_twice_then_422(self, planning):
        plan = await planning.written()
        activity = planning.activity(plan["id"])
        await planning.send(activity, plan_id=plan["id"])
        [(entry, _)] = faults(await planning.send(activity, plan_id=plan["id"]))
        assert entry == "$.id"

    # CP-8
    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (services.OUT_OF_USE, "Service should be active"),
            (services.NOT_BY_REQUEST, "Request is not allowed for the service"),
            ("00000-00", "Service with such ID is not found"),
        ],
    )
    async def test_when_it_may_not_be_asked_for_then_422(self, planning, code, message):
        plan = await planning.written()
        activity = planning.activity(plan["id"], product_reference=ref("service", services.id_of(code)))
        assert faults(await planning.send(activity, plan_id=plan["id"])) == [(PRODUCT, message)]

    # CP-8
    async def test_when_the_medicine_is_not_in_the_register_then_422(self, planning):
        plan = await planning.written()
        activity = planning.activity(
            plan["id"],
            kind="medication_request",
            product_reference=ref("medication", uuid4()),
            quantity={"value": 20, "system": "MEDICATION_UNIT", "code": "PIECE"},
        )
        done = await planning.send(activity, plan_id=plan["id"])
        assert faults(done) == [(PRODUCT, "Medication with such id is not found")]

    # CP-8
    async def test_when_nothing_is_planned_then_422(self, planning):
        plan = await planning.written()
        done = await planning.send(planning.activity(plan["id"], product_reference=None), plan_id=plan["id"])
        assert [entry for entry, _ in faults(done)] == ["$.detail"]

    # CP-9
    async def test_when_scheduled_beyond_the_plan_then_422(self, planning):
        plan = await planning.written()
        now = planning.chart.visiting.now
        period = {"start": moment(now), "end": moment(now + timedelta(days=91))}
        done = await planning.send(planning.activity(plan["id"], scheduled_period=period), plan_id=plan["id"])
        message = "Activity scheduled period must be within care plan period"
        assert faults(done) == [("$.detail.scheduled_period", message)]

    # CP-10
    async def test_when_the_programme_does_not_pay_for_it_then_422(self, planning, programme):
        plan = await planning.written()
        activity = planning.activity(
            plan["id"],
            product_reference=ref("service", services.id_of(services.SPIROMETRY)),
            program=ref("medical_program", programme),
        )
        [(entry, message)] = faults(await planning.send(activity, plan_id=plan["id"]))
        assert (entry, message) == (
            "$.detail.program.identifier.value",
            "Product is not included in the program for care plan activities",
        )

    # CP-7
    async def test_by_another_clinic_then_404(self, planning, world):
        plan = await planning.written()
        who = world.foreign_doctor
        body = {"signed_data": who.sign(planning.activity(plan["id"]))}
        assert (await who.post(f"{planning.path}/{plan['id']}/activities", body)).status_code == 404


class TestPrequalify:
    # CP-10
    async def test_then_each_programme_says_whether_and_why(self, planning, work):
        programme = await service_requests.programme(
            work, speciality_types_care_plan_activity_allowed=["OPHTHALMOLOGY"]
        )
        plan = await planning.written()
        activity = planning.activity(plan["id"])
        del activity["id"]
        now = planning.chart.visiting.now
        activity["detail"]["scheduled_period"] = {"start": moment(now), "end": moment(now + timedelta(days=5))}
        body = {"activity": activity, "programs": [ref("medical_program", programme)]}
        got = await planning.doctor.post(f"{planning.path}/{plan['id']}/activities/prequalify", body)
        [found] = got.json()["data"]
        assert (found["status"], found["rejection_reason"]) == (
            "INVALID",
            "Employee's speciality doesn't match the medical program",
        )
        assert (await planning.read(plan["id"]))["status"] == "new"


class TestEnd:
    # CP-11
    async def test_when_cancelled_then_why_is_told(self, planning):
        plan = await planning.written()
        activity = await planning.planned(plan["id"])
        done = await planning.cancel_activity(activity)
        assert done.json()["data"]["status"] == "processed", done.text
        data = await planning.read(f"{plan['id']}/activities/{activity['id']}")
        assert (data["detail"]["status"], data["detail"]["status_reason"]["coding"][0]["code"]) == (
            "cancelled",
            "default",
        )

    # CP-11
    async def test_when_another_content_is_signed_then_422(self, planning):
        plan = await planning.written()
        activity = await planning.planned(plan["id"])
        [(entry, _)] = faults(await planning.cancel_activity(activity, do_not_perform=True))
        assert entry == "$.detail.do_not_perform"

    # CP-5, CP-11
    async def test_when_completed_then_what_came_of_it_is_told(self, planning):
        plan = await planning.written()
        activity = await planning.planned(plan["id"])
        assert faults(await planning.complete_activity(activity, outcomes=0))[0][0] == "$.outcome_codeable_concept"
        await planning.complete_activity(activity)
        data = await planning.read(f"{plan['id']}/activities/{activity['id']}")
        assert (data["detail"]["status"], len(data["outcome_codeable_concept"])) == ("completed", 1)
        message = "Care plan activity in status completed cannot be completed"
        assert conflict(await planning.complete_activity(activity)) == message
