"""GW-4: every read of a patient's record asks who the reader is to the patient; made from the registry."""

import re
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.central.app import CONTEXTS
from esoz.kernel.http import API
from esoz.kernel.limits import Limiter
from esoz.kernel.operation import Operation
from esoz.kernel.work import Work
from tests.factories.world import World

ANY_ID = UUID("00000000-0000-4000-8000-000000000001")
RECORDS = "/api/patients/{"
# Without the mark, as published: the summary of a patient is open by its scope, and every look at it is told to them.
OPEN = re.compile(r"^/api/patients/\{\w+\}/summary/")
# What an operation cannot be asked without.
NEEDED = {"/print_form": {"form_type": "INFO_CERTIFICATE", "composition_id": str(ANY_ID)}}
# Lists of what the caller was allowed, or asked for: to somebody else they are empty.
OWN = re.compile(r"/approved$|/approvals$")

MARKED = [
    operation
    for context in CONTEXTS
    for operation in context
    if operation.reads and operation.path.startswith(RECORDS) and not OPEN.match(operation.path)
]


class Stranger:
    """A doctor of another clinic, with every scope and no relation to the patient."""

    def __init__(self, world: World, work: Work) -> None:
        self.world, self.work = world, work

    async def read(self, operation: Operation) -> httpx.Response:
        doctor = self.world.foreign_doctor
        assert doctor.client is not None
        scopes = frozenset((operation.scope or "").split())
        issued = await identity.issue_access(self.work, doctor.user_id, doctor.client_id, scopes, None)
        path = operation.path.replace("{patient_id}", str(self.world.patient.person_id))
        headers = {"Authorization": f"Bearer {issued.value}", "API-key": doctor.api_key}
        query = next((query for end, query in NEEDED.items() if path.endswith(end)), None)
        return await doctor.client.get(re.sub(r"\{[^}]+\}", str(ANY_ID), path), headers=headers, params=query)


@pytest.fixture
def stranger(world: World, work: Work, api: API) -> Stranger:
    api.limiter = Limiter(0, {})
    return Stranger(world, work)


async def test_list_of_a_patient_when_read_by_a_stranger_then_denied(stranger: Stranger) -> None:
    """A list cannot be shown in parts: whoever may not see all of it must narrow it to what is theirs."""
    lists = [each for each in MARKED if each.path.count("{") == 1 and not OWN.search(each.path)]
    answers = {each.path: await stranger.read(each) for each in lists}
    assert {path: found.status_code for path, found in answers.items() if found.status_code != 403} == {}
    assert all("Access denied" in found.json()["error"]["message"] for found in answers.values())
    assert len(lists) > 15


async def test_one_record_when_read_by_a_stranger_then_denied_or_not_found(stranger: Stranger) -> None:
    """Whether a record stands in a context that does not exist cannot be told apart from its absence."""
    single = [each for each in MARKED if each.path.count("{") > 1]
    answers = {each.path: (await stranger.read(each)).status_code for each in single}
    assert {path: status for path, status in answers.items() if status not in (403, 404)} == {}
    assert sum(status == 403 for status in answers.values()) > 10


async def test_lists_of_what_one_was_allowed_when_read_by_a_stranger_then_empty(stranger: Stranger) -> None:
    own = [each for each in MARKED if OWN.search(each.path)]
    answers = {each.path: (await stranger.read(each)).json()["data"] for each in own}
    assert answers == {each.path: [] for each in own} != {}
