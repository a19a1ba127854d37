"""Prescriptions that carry out a care plan: what is left of it goes down when they are signed, and comes back."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.prescriptions.periodic import expire_requests
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import Work
from tests.factories.care_plans import Planning, based_on
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code
from tests.factories.records import Chart, ref
from tests.factories.world import World

ROOT = "$.medication_request_request"


@pytest.fixture
def planning(prescribing: Prescribing, worker: Worker) -> Planning:
    chart = Chart(prescribing.doctor, worker, prescribing.person_id)
    chart.visiting = replace(chart.visiting, encounter=prescribing.encounter_id)
    return Planning(chart)


@pytest.fixture
async def activity(planning: Planning, prescribing: Prescribing) -> dict:
    """Fifty capsules of what the doctor prescribes."""
    return await planning.planned(
        (await planning.written())["id"],
        kind="medication_request",
        product_reference=ref("medication", prescribing.medication_id),
        quantity={"value": 50, "system": "MEDICATION_UNIT", "code": "PILL"},
    )


async def left(planning: Planning, activity: dict) -> float:
    plan_id = activity["care_plan"]["identifier"]["value"]
    detail = (await planning.read(f"{plan_id}/activities/{activity['id']}"))["detail"]
    return float(detail["remaining_quantity"]["value"])


class TestLeft:
    # CP-12
    async def test_when_signed_then_less_until_it_is_rejected(
        self, planning: Planning, prescribing: Prescribing, activity: dict
    ) -> None:
        draft = await prescribing.draft(based_on=based_on(activity))
        assert await left(planning, activity) == 50
        assert (await prescribing.sign(draft)).status_code == 200
        assert await left(planning, activity) == 30
        assert (await prescribing.reject(draft["id"])).status_code == 200
        assert await left(planning, activity) == 50

    # CP-12
    async def test_when_two_drafts_ask_for_all_then_the_second_is_not_signed(
        self, planning: Planning, prescribing: Prescribing, activity: dict
    ) -> None:
        order = {"based_on": based_on(activity), "medical_program_id": None, "intent": "plan"}
        drafts = [await prescribing.draft(medication_qty=30, **order) for _ in range(2)]
        assert (await prescribing.sign(drafts[0])).status_code == 200
        refused = await prescribing.sign(drafts[1])
        assert refused.status_code == 422, refused.text
        assert refused.json()["error"]["invalid"][0]["entry"] == "$.based_on"
        assert await left(planning, activity) == 20

    # CP-12
    async def test_when_it_expires_then_what_was_not_given_is_left_again(
        self,
        planning: Planning,
        prescribing: Prescribing,
        dispensing: Dispensing,
        activity: dict,
        db: Connection,
        work: Work,
    ) -> None:
        made = await prescribing.prescribe(based_on=based_on(activity))
        await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
        sql = "update medication_requests set last_day = $1 where id = $2::uuid"
        await db.execute(sql, work.today - timedelta(days=1), made["id"])
        await expire_requests(work)
        assert await left(planning, activity) == 40

    # CP-12
    async def test_when_another_medicine_is_planned_then_422(
        self, planning: Planning, prescribing: Prescribing, activity: dict
    ) -> None:
        wrong = [based_on(activity)[0], ref("activity", uuid4())]
        for named in (wrong, based_on(activity)[1:]):
            refused = await prescribing.create(based_on=named)
            assert refused.status_code == 422, refused.text
            assert refused.json()["error"]["invalid"][0]["entry"] == f"{ROOT}.based_on"


class TestOfPlan:
    # CP-13
    async def test_lists_then_for_who_may_read_the_plan(
        self, planning: Planning, prescribing: Prescribing, activity: dict, world: World
    ) -> None:
        made = await prescribing.prescribe(based_on=based_on(activity))
        plan_id = activity["care_plan"]["identifier"]["value"]
        for kind, status in (("medication_requests", "ACTIVE"), ("medication_request_requests", "SIGNED")):
            path = f"/api/care_plans/{plan_id}/{kind}"
            got = await prescribing.doctor.get(path, status=status, person_id=prescribing.person_id)
            assert [each["id"] for each in got.json()["data"]] == [made["id"]], got.text
            assert (await prescribing.doctor.get(path, encounter_id=uuid4())).json()["data"] == []
            assert (await world.foreign_doctor.get(path)).status_code == 403
            assert (await prescribing.doctor.get(f"/api/care_plans/{uuid4()}/{kind}")).status_code == 404
