"""Requests of devices that carry out a care plan: what is left of it goes down and comes back."""

from dataclasses import replace

import pytest

from esoz.kernel.jobs import Worker
from tests.factories.care_plans import Planning, based_on
from tests.factories.devices import CODE, Prescribing, pieces
from tests.factories.records import Chart, concept


@pytest.fixture
def planning(prescribing: Prescribing, worker: Worker) -> Planning:
    chart = Chart(prescribing.doctor, worker, prescribing.person_id)
    chart.visiting = replace(chart.visiting, encounter=prescribing.encounter_id)
    return Planning(chart)


async def left(planning: Planning, activity: dict) -> float:
    plan_id = activity["care_plan"]["identifier"]["value"]
    detail = (await planning.read(f"{plan_id}/activities/{activity['id']}"))["detail"]
    return float(detail["remaining_quantity"]["value"])


# CP-12
async def test_when_asked_for_then_less_is_left_until_it_is_taken_back(
    planning: Planning, prescribing: Prescribing
) -> None:
    activity = await planning.planned(
        (await planning.written())["id"],
        kind="device_request",
        product_reference=None,
        product_codeable_concept=concept(*CODE),
        quantity=pieces(150),
    )
    made = await prescribing.made(based_on=based_on(activity))
    assert await left(planning, activity) == 50
    refused = (await prescribing.ask(based_on=based_on(activity), program=None)).json()["data"]
    assert (refused["status_code"], refused["error"]["invalid"][0]["entry"]) == (422, "$.based_on")
    await prescribing.end(made, "revoke")
    assert await left(planning, activity) == 150
