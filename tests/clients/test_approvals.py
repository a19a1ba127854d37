"""Approvals as clients of other makes ask for them: the whole person, and a choice that is not one."""

from typing import Any
from uuid import UUID

import pytest

from tests.factories.records import concept, ref
from tests.factories.world import World

from .conftest import Client

CHOICES = {
    "resources",
    "patient",
    "resource_types",
    "service_request",
    "forbidden_group",
    "diagnoses_group",
    "service_group",
    "composition",
}


@pytest.fixture
def specialist(world: World, clinic: Client) -> Client:
    """A doctor of another clinic, who has no declaration with the patient."""
    return Client(world.foreign_doctor, clinic.worker)


def asked(client: Client, **changes: Any) -> dict[str, Any]:
    return {"granted_to": ref("employee", client.caller.employee_id), "access_level": "read"} | changes


async def ask(client: Client, person_id: UUID, **changes: Any) -> dict[str, Any]:
    path = f"/api/patients/{person_id}/approvals"
    answer: dict[str, Any] = (await client.send("POST", path, asked(client, **changes))).json()
    return answer


def whole(person_id: UUID) -> list[dict[str, Any]]:
    """Every way to name the whole person."""
    return [
        {"patient": ref("patient", person_id)},
        {"resources": [ref("person", person_id)]},
        {"resources": [ref("patient", person_id)]},
        {"resource_types": [concept("eHealth/resources", "person")]},
        {"resource_types": [concept("eHealth/resources", "patient")]},
    ]


# AP-1
@pytest.mark.parametrize("way", range(5))
async def test_whole_person_when_named_in_any_way_then_asked_of_the_patient(
    specialist: Client, person_id: UUID, stocked: None, way: int
) -> None:
    answer = await ask(specialist, person_id, **whole(person_id)[way])
    assert answer["meta"]["code"] == 201, answer
    granted = answer["data"]["granted_resources"]
    assert [(each["identifier"]["type"]["coding"][0]["code"], each["identifier"]["value"]) for each in granted] == [
        ("patient", str(person_id))
    ]
    assert answer["data"]["is_verified"] is False


@pytest.mark.parametrize("nothing", [{}, {"resources": []}, {"resource_types": []}])
async def test_nothing_named_then_the_published_fault_names_every_choice(
    specialist: Client, person_id: UUID, stocked: None, nothing: dict[str, Any]
) -> None:
    answer = await ask(specialist, person_id, **nothing)
    (fault,) = answer["error"]["invalid"]
    (rule,) = fault["rules"]
    assert (answer["meta"]["code"], fault["entry"], rule["rule"]) == (422, "$", "oneOf")
    assert rule["description"] == "At least one of the parameters must be present"
    assert set(rule["params"]) == {f"$.{name}" for name in CHOICES}


async def test_two_named_then_the_published_fault_is_at_the_one_too_many(
    specialist: Client, person_id: UUID, stocked: None
) -> None:
    answer = await ask(
        specialist, person_id, resources=[ref("episode", UUID(int=1))], patient=ref("patient", person_id)
    )
    (fault,) = answer["error"]["invalid"]
    assert (answer["meta"]["code"], fault["entry"]) == (422, "$.patient")
    assert fault["rules"] == [
        {
            "rule": "oneOf",
            "description": "Only one of the parameters must be present",
            "params": ["$.resources", "$.patient"],
        }
    ]
