"""Requests that carry out a plan: checked against it, and what is left of it goes down and comes back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.service_requests.periodic import expire_requests
from tests.central.approvals.test_approvals import verified
from tests.central.care_plans.test_plans import conflict, faults
from tests.factories import services
from tests.factories.care_plans import based_on
from tests.factories.records import moment, ref


def pieces(value: float) -> dict:
    return {"value": value, "system": "SERVICE_UNIT", "code": "PIECE"}


async def left(planning, activity) -> tuple:
    plan_id = activity["care_plan"]["identifier"]["value"]
    detail = (await planning.read(f"{plan_id}/activities/{activity['id']}"))["detail"]
    return detail["status"], detail["remaining_quantity"]["value"]


@pytest.fixture
async def activity(planning) -> dict:
    """Three ECGs."""
    return await planning.planned((await planning.written())["id"])


class TestReferral:
    # CP-5, CP-12
    async def test_when_written_then_less_is_left_until_it_is_recalled(self, planning, referring, activity):
        request = await referring.written(based_on=based_on(activity), quantity=pieces(2))
        assert request["remaining_quantity"]["value"] == 2
        assert await left(planning, activity) == ("in_progress", 1)
        done = await referring.end("recall", request)
        assert done.json()["data"]["status"] == "processed", done.text
        assert await left(planning, activity) == ("in_progress", 3)

    # CP-12
    async def test_when_its_term_is_over_then_it_is_left_again(self, planning, referring, activity, work, db):
        request = await referring.written(based_on=based_on(activity))
        assert await left(planning, activity) == ("in_progress", 2)
        sql = "update service_requests set expires_at = $1 where id = $2::uuid"
        await db.execute(sql, work.now - timedelta(seconds=1), request["id"])
        await expire_requests(work)
        assert await left(planning, activity) == ("in_progress", 3)

    # CP-12
    async def test_when_more_is_asked_for_than_is_left_then_422(self, planning, referring, activity):
        await referring.written(based_on=based_on(activity), quantity=pieces(2))
        done = await referring.send(referring.order(based_on=based_on(activity), quantity=pieces(2)))
        message = "The quantity of the request exceeds the remaining quantity of the activity"
        assert faults(done) == [("$.based_on", message)]
        assert await left(planning, activity) == ("in_progress", 1)

    # CP-12
    async def test_when_another_service_is_asked_for_then_422(self, referring, activity):
        code = ref("service", services.id_of(services.CONSULTATION))
        category = {"coding": [{"system": "eHealth/SNOMED/service_request_categories", "code": "counselling"}]}
        done = await referring.send(referring.order(based_on=based_on(activity), code=code, category=category))
        assert faults(done) == [("$.based_on", "Product of the request doesn't match the product of the activity")]

    # CP-12
    async def test_when_beyond_the_period_of_the_plan_then_422(self, planning, referring, activity):
        now = planning.chart.visiting.now
        period = {"start": moment(now), "end": moment(now + timedelta(days=92))}
        done = await referring.send(referring.order(based_on=based_on(activity), occurrence_period=period))
        assert faults(done) == [("$.based_on", "Period of the request must be within care plan period")]

    # CP-12
    async def test_when_only_the_plan_is_named_then_422(self, referring, activity):
        done = await referring.send(referring.order(based_on=based_on(activity)[:1]))
        assert faults(done) == [("$.based_on", "Both care plan and its activity must be present")]

    # CP-12
    async def test_when_the_activity_has_ended_then_409(self, planning, referring, activity):
        await planning.complete_activity(activity)
        done = await referring.send(referring.order(based_on=based_on(activity)))
        assert conflict(done) == "Invalid activity status"

    # CP-12
    async def test_when_it_must_not_be_done_then_409(self, planning, referring):
        plan = await planning.written()
        activity = await planning.planned(plan["id"], do_not_perform=True)
        done = await referring.send(referring.order(based_on=based_on(activity)))
        assert conflict(done) == "Activity must not be performed"

    # CP-11
    async def test_while_it_stands_then_the_activity_cannot_be_cancelled(self, planning, referring, activity):
        request = await referring.written(based_on=based_on(activity))
        plan_id = activity["care_plan"]["identifier"]["value"]
        place = f"{plan_id}/activities/{activity['id']}"
        assert conflict(await planning.cancel_activity(await planning.read(place))) == (
            "Care plan activity has active requests"
        )
        await referring.end("recall", request)
        done = await planning.cancel_activity(await planning.read(place))
        assert done.json()["data"]["status"] == "processed", done.text

    # CP-12
    async def test_when_tried_then_nothing_is_taken(self, planning, referring, programme, activity):
        order = referring.order(based_on=based_on(activity), quantity=pieces(4))
        del order["id"]
        body = {"service_request": order, "programs": [ref("medical_program", programme)]}
        got = await referring.doctor.post(f"{referring.path}/prequalify", body)
        assert got.status_code == 422, got.text
        body["service_request"]["quantity"] = pieces(3)
        got = await referring.doctor.post(f"{referring.path}/prequalify", body)
        assert got.json()["data"][0]["status"] == "VALID", got.text
        assert await left(planning, activity) == ("scheduled", 3)


class TestStranger:
    # CP-12
    async def test_when_the_activity_is_of_another_plan_then_422(self, planning, referring, activity):
        other = await planning.written()
        wrong = [ref("care_plan", other["id"]), ref("activity", activity["id"])]
        done = await referring.send(referring.order(based_on=wrong))
        assert faults(done) == [("$.based_on", "Activity with such id is not found in the care plan")]

    async def test_when_there_is_no_such_plan_then_422(self, referring, activity):
        wrong = [ref("care_plan", uuid4()), ref("activity", activity["id"])]
        assert faults(await referring.send(referring.order(based_on=wrong)))[0][0] == "$.based_on[0].identifier.value"


class TestOpened:
    # CP-13
    async def test_when_the_patient_lets_in_then_another_clinic_reads(self, planning, activity, world, db):
        plan_id = activity["care_plan"]["identifier"]["value"]
        other = world.foreign_doctor
        assert (await other.get(f"{planning.path}/{plan_id}")).status_code == 403
        await verified(planning.chart, other, db, resources=[ref("care_plan", plan_id)])
        assert (await planning.read(plan_id, by=other))["id"] == plan_id
        got = await other.get(f"{planning.path}/{plan_id}/activities")
        assert [each["id"] for each in got.json()["data"]] == [activity["id"]]
