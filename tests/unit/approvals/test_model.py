"""What an approval may be asked for, and what it opens."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import pytest

from esoz.central.approvals.model import EPISODE, GrantedAccess, NewApproval, new_approval_faults
from esoz.kernel.db import Connection
from esoz.kernel.fhir import RESOURCES, concept, reference
from esoz.kernel.references import Grantable, ReferenceResolvers, Referent

PERSON, PLAN, EPISODE_ID = uuid4(), uuid4(), uuid4()


async def nothing(_db: Connection, _person_id: UUID, _ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    return {}


# A context that is not built yet: its kind is known to nobody but the assembly.
GRANTABLE = Grantable(ReferenceResolvers({"care_plan": nothing, EPISODE: nothing}), frozenset({"care_plan"}))


def faults(*, found: Mapping[tuple[str, UUID], Referent] | None = None, **choices: object) -> list[tuple[str, str]]:
    new = NewApproval(reference("employee", uuid4()), "read", **choices)
    all_faults = new_approval_faults(
        new, doctor=None, clinic=None, person_id=PERSON, found=found or {}, grantable=GRANTABLE
    )
    return [(each.entry, each.description) for each in all_faults if "granted_to" not in each.entry]


class TestResources:
    def test_of_a_kind_handed_in_when_there_then_taken(self) -> None:
        found = {("care_plan", PLAN): Referent("План")}
        assert faults(found=found, resources=(reference("care_plan", PLAN),)) == []

    def test_of_a_kind_handed_in_when_not_there_then_named(self) -> None:
        assert faults(resources=(reference("care_plan", PLAN),)) == [
            ("$.resources[0].identifier.value", "Care plan with such id is not found")
        ]

    def test_of_a_kind_that_nobody_keeps_then_refused(self) -> None:
        assert faults(resources=(reference("device_request", PLAN),)) == [
            ("$.resources[0].identifier.type.coding[0].code", "value is not allowed in enum")
        ]

    def test_whole_kind_then_only_of_those_handed_in(self) -> None:
        assert faults(resource_types=(concept(RESOURCES, "care_plan"),)) == []
        assert faults(resource_types=(concept(RESOURCES, EPISODE),)) == [
            ("$.resource_types[0].coding[0].code", "value is not allowed in enum")
        ]

    def test_nothing_asked_for_then_refused(self) -> None:
        assert faults() == [("$", "At least one of the parameters must be present")]


@pytest.mark.parametrize(
    ("granted_access", "lets_in"),
    [
        (GrantedAccess(), False),
        (GrantedAccess(whole=True), True),
        (GrantedAccess(kinds=frozenset({"condition"})), True),
        (GrantedAccess(kinds=frozenset({EPISODE})), False),
        (GrantedAccess(ids=frozenset({EPISODE_ID})), True),
        (GrantedAccess(ids=frozenset({PLAN})), False),
    ],
)
def test_condition_in_an_episode_then_any_of_three_opens_it(granted_access: GrantedAccess, lets_in: bool) -> None:
    assert granted_access.lets_in("condition", frozenset({uuid4(), EPISODE_ID})) is lets_in
