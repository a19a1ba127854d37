"""Every read answers in the published shape: the caller of the tests compares each answer with the contract."""

import pytest

from esoz import spec
from esoz.central.records import operations
from esoz.central.records.model import ENCOUNTERS, ENTITIES
from esoz.kernel.operation import Operation
from tests.factories.kinds import id_of

NARROWING = ("episode_id", "context_episode_id", "encounter")  # parameters that leave what the own clinic holds
# Approvals and what they open, and who is told whom to call, have tests of their own: nothing is approved here.
READS = [
    operation
    for operation in operations
    if operation.method == "GET"
    and "patients" in operation.path
    and not any(part in operation.path for part in ("approv", "emergency_contact"))
]


# What the summary shows to nobody: records of these kinds have no published list of open codes.
HIDDEN = ("summary/diagnostic_reports", "summary/procedures", "summary/clinical_impressions")
KIND_OF = {f"{{{kind.one}_id}}": kind.name for kind in (ENCOUNTERS, *ENTITIES)}


def path_of(operation: Operation, chart) -> str:
    parts = operation.path.split("/")
    known = {"{patient_id}": chart.person_id, "{episode_id}": chart.visiting.episode}
    for number, part in enumerate(parts):
        if part.startswith("{") and part not in known:
            known[part] = id_of(chart.visiting, KIND_OF.get(part, parts[number - 1]))
    return "/".join(str(known.get(part, part)) for part in parts)


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.path)
async def test_answer_when_read_then_in_the_published_shape(written, operation):
    query: dict[str, object] = {}
    if operation.path.endswith("{patient_id}/episodes"):
        query = {"managing_organization_id": written.doctor.client_id}
    elif operation.path.count("/") == 4:  # a list of everything is open only when it is narrowed to the own clinic
        published = spec.find("GET", operation.path)
        names = {parameter.name for parameter in spec.query_parameters(published.id)}
        query = {next(name for name in NARROWING if name in names): written.visiting.episode}
        if "encounter" in query:
            query = {"encounter": written.visiting.encounter}
    got = await written.doctor.get(path_of(operation, written), **query)
    if any(part in operation.path for part in HIDDEN):
        assert got.status_code == (404 if operation.path.endswith("}") else 200)
        return
    assert got.status_code == 200, got.text
    assert got.json()["data"]
