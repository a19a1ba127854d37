"""Every read answers in the published shape: the caller of the tests compares each answer with the contract."""

import pytest

from esoz.central.records import operations
from esoz.kernel.operation import Operation

READS = [operation for operation in operations if operation.method == "GET" and "patients" in operation.path]


def places(chart) -> dict[str, str]:
    of = chart.visiting
    return {
        "{patient_id}": str(chart.person_id), "{episode_id}": str(of.episode), "{encounter_id}": str(of.encounter),
        "{condition_id}": str(of.condition), "{observation_id}": str(of.observation),
        "{immunization_id}": str(of.immunization), "{allergy_intolerance_id}": str(of.allergy),
    }


def path_of(operation: Operation, chart) -> str:
    kinds = {
        "conditions": "condition", "observations": "observation", "immunizations": "immunization",
        "allergy_intolerances": "allergy",
    }
    kind = operation.path.split("/")[-2]
    known = places(chart) | ({"{id}": str(getattr(chart.visiting, kinds[kind]))} if kind in kinds else {})
    return "/".join(known.get(part, part) for part in operation.path.split("/"))


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.path)
async def test_answer_when_read_then_in_the_published_shape(written, operation):
    query: dict[str, object] = {}
    if operation.path.endswith("{patient_id}/episodes"):
        query = {"managing_organization_id": written.doctor.client_id}
    elif operation.path.count("/") == 4:  # a list of everything is open only when it is narrowed to the own clinic
        query = {"episode_id": written.visiting.episode}
    got = await written.doctor.get(path_of(operation, written), **query)
    assert got.status_code == 200, got.text
    assert got.json()["data"]
